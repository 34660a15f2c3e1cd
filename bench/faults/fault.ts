/** A small patch that breaks the storefront in one way, and which checks name its cause. */
export interface Fault {
  /** Stable; what `--only` goes by. */
  readonly id: string
  /** What is wrong, as one who has just found it would say. */
  readonly what: string
  readonly edits: readonly Edit[]
  /**
   * Ids of checks, each of which names the cause; `problem:CODE` for what is refused before anything is asked. The fault is caught when one of them
   * fails, whatever its weight.
   */
  readonly caughtBy: readonly string[]
}

/** Replaces text that is in the file exactly once, or writes a new file. */
export type Edit = { readonly file: string; readonly from: string; readonly to: string } | { readonly file: string; readonly text: string }

export function edit(file: string, from: string, to: string): Edit {
  return { file, from, to }
}

export function newFile(file: string, text: string): Edit {
  return { file, text }
}

/** A file's text after an edit. Throws when it does not fit: then what it patches has changed. */
export function edited(before: string, each: Edit): string {
  if ('text' in each) return each.text
  const times = before.split(each.from).length - 1
  if (times !== 1) throw new Error(`${each.file} holds ${times} times what is to be replaced: ${each.from}`)
  return before.replace(each.from, () => each.to)
}
