import { createInterface } from 'node:readline/promises'
import type { Prompt } from './ask-hidden.ts'

/** Asks a person yes or no; only a plain yes is one. False also when the person gives up, or `signal` fires. */
export async function confirm({ input, out }: Prompt, question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input, output: out, terminal: true, historySize: 0 })
  try {
    return /^\s*y(?:es)?\s*$/i.test(await lines.question(`${question} [y/N] `, { signal }))
  } catch (error) {
    // Ctrl-C and Ctrl-D answer as well: not yes.
    if (signal.aborted || (error instanceof Error && error.name === 'AbortError')) return false
    throw error
  } finally {
    lines.close()
  }
}
