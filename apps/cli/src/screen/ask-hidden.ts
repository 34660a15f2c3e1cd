import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

export interface Prompt {
  readonly input: NodeJS.ReadStream
  readonly out: NodeJS.WriteStream
}

/**
 * Asks for one value a name, one after the other; what is typed or pasted is not shown. An empty line asks again.
 * Undefined when the person gives up, by Ctrl-C, by Ctrl-D, or when `signal` fires. The terminal is left as it was.
 */
export async function askHidden({ input, out }: Prompt, names: readonly string[], signal: AbortSignal): Promise<Record<string, string> | undefined> {
  if (signal.aborted) return undefined
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: silent, terminal: true, historySize: 0 })
  lines.once('SIGINT', () => lines.close())
  const giveUp = (): void => lines.close()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await answers({ out, lines: lines[Symbol.asyncIterator]() }, names)
  } finally {
    signal.removeEventListener('abort', giveUp)
    lines.close()
  }
}

async function answers({ out, lines }: { readonly out: NodeJS.WriteStream; readonly lines: AsyncIterator<string> }, names: readonly string[]): Promise<Record<string, string> | undefined> {
  const values: Record<string, string> = {}
  for (const name of names) {
    for (let value = ''; value === ''; values[name] = value) {
      out.write(`  ${name}: `)
      const line = await lines.next()
      if (line.done === true) return void out.write('\n')
      value = line.value
      out.write(value === '' ? 'nothing was typed; once more\n' : `${value.length === 1 ? '1 character' : `${value.length} characters`}\n`)
    }
  }
  return values
}
