import { createInterface } from 'node:readline/promises'
import type { Prompt } from './ask-hidden.ts'
import { fit } from './fit.ts'

export interface LineQuestion {
  readonly text: string
  /** What an empty line stands for. */
  readonly instead: string
  /** Any answer will do where this is undefined; else it is asked again until one of them is given. */
  readonly choices: readonly string[] | undefined
}

/** Asks one question after the other, and gives the answers in their order. Undefined when the person gives up, or `signal` fires. */
export async function askLines({ input, out }: Prompt, questions: readonly LineQuestion[], signal: AbortSignal): Promise<string[] | undefined> {
  const lines = createInterface({ input, output: out, terminal: true, historySize: 0 })
  const answers: string[] = []
  try {
    for (const { text, instead, choices } of questions) {
      const question = fit(`${text}${instead === '' ? '' : ` [${instead}]`}: `, out.columns)
      let answer: string
      do answer = (await lines.question(question, { signal })).trim() || instead
      while (choices !== undefined && !choices.includes(answer))
      answers.push(answer)
    }
    return answers
  } catch (error) {
    // Ctrl-C and Ctrl-D answer as well: nothing more is said.
    if (signal.aborted || (error instanceof Error && error.name === 'AbortError')) return undefined
    throw error
  } finally {
    lines.close()
  }
}
