/**
 * The text of `value` for a jsonb column. jsonb refuses two things that JSON and program
 * output may hold, NUL and half a surrogate pair; both become U+FFFD, because a release must not
 * get stuck on a byte in somebody's log.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? part.replaceAll('\0', '\uFFFD').toWellFormed() : part))
}
