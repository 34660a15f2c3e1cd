/** A value as YAML can say it. */
export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain }

/**
 * How a machine can mend a fault, as data: whoever holds the text turns it into an edit that leaves everything else as it is
 * written. `at` is the place to change, if it is not that of the finding. What needs somebody to decide has no remedy.
 */
export type Remedy = { readonly at?: string } & (
  /** Takes the key with its value, or the item of a list, away. */
  | { readonly do: 'remove' }
  /** Gives the key another name, and its value another content where one is given. */
  | { readonly do: 'rename'; readonly key: string; readonly value?: Plain }
  /** Writes another value. */
  | { readonly do: 'write'; readonly value: Plain }
  /** Writes the value as it stands, in quotes. */
  | { readonly do: 'quote' }
  /** Puts a `#` before the line. */
  | { readonly do: 'comment' }
  /** Changes a part of a text; `from` stands in it exactly once. */
  | { readonly do: 'replace'; readonly from: string; readonly to: string }
  /** Adds a key at the end of a set of keys. */
  | { readonly do: 'add'; readonly key: string; readonly value: Plain }
  /** Adds items at the end of a list. */
  | { readonly do: 'append'; readonly items: readonly Plain[] }
)
