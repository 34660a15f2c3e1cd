/** What is secret lies in one column of text, which is written and read here alone: the one place for whatever is done to it on its way. */
export function secretToColumn(secret: object): string {
  return JSON.stringify(secret)
}

/** What {@link secretToColumn} was given; only a schema says what that is. */
export function secretFromColumn(column: string): unknown {
  return JSON.parse(column)
}
