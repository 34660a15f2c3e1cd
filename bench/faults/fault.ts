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
