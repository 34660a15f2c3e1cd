const whole = ['smallint', 'integer', 'bigint', 'numeric'] as const

/** Whether every value of the type `narrow` can be kept in `wide`, and is read from it as the same: by the names that PostgreSQL shows. */
export function holdsAll(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  const [to, from] = [wide, narrow].map(textLimit)
  if (to !== undefined && from !== undefined) return to >= from
  const [larger, smaller] = [wide, narrow].map((type) => whole.findIndex((each) => each === type))
  // A driver gives numeric and bigint as text, so a number is not the same from there.
  return larger !== undefined && smaller !== undefined && larger >= smaller && smaller >= 0 && larger <= 1
}

/** How many characters a type of text takes. */
function textLimit(type: string): number | undefined {
  if (type === 'text' || type === 'character varying') return Infinity
  const limit = /^character varying\((\d+)\)$/.exec(type)?.[1]
  return limit === undefined ? undefined : Number(limit)
}
