const leaks: readonly (readonly [RegExp, string])[] = [
  [/(?:\n|\\n)\s+at [^\n]{1,200}?:\d+:\d+/, 'a stack trace'],
  [/syntax error at or near|violates (?:not-null|foreign key|unique|check) constraint|(?:relation|column) \\?"[^"]+" does not exist|invalid input syntax for type|invalid byte sequence for encoding|\b(?:SELECT|DELETE)\b[^<]{1,200}?\bFROM\b|\bINSERT INTO\b|\bUPDATE\b[^<]{1,100}?\bSET\b/, 'SQL, or what the database said'],
  [/connect E[A-Z]+ (?:\d{1,3}\.){3}\d{1,3}:\d+/, 'an address of the inside'],
]

/** What an error's answer tells whoever asked that only its developers should read: `a stack trace`. Undefined when nothing. */
export function leakIn(status: number, body: string): string | undefined {
  // A page that answers well may quote SQL as it likes.
  if (status < 400) return undefined
  return leaks.find(([pattern]) => pattern.test(body))?.[1]
}
