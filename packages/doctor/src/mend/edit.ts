/** Letters `from` up to `to` of a text give way to `text`. */
export interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** The text with the edit made. */
export function applyEdit(whole: string, { from, to, text }: Edit): string {
  return whole.slice(0, from) + text + whole.slice(to)
}
