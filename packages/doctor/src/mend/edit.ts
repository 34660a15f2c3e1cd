/** Letters `from` up to `to` of a text give way to `text`. */
export interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** The text with the edits made; they must be apart. */
export function applyEdits(whole: string, edits: readonly Edit[]): string {
  return edits.toSorted((a, b) => b.from - a.from).reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), whole)
}

/** Whether two edits touch neither each other's letters nor the place between them. */
export function areApart(one: Edit, other: Edit): boolean {
  return one.to < other.from || other.to < one.from
}
