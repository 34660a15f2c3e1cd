import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { z } from 'zod'

/** Which receivers said that they want nothing any more, from one verification to the next. */
export interface ClosedReceivers {
  /** When the one at `url` said so; undefined for one that is open. */
  since(url: string): Promise<string | undefined>
  close(url: string, at: string): Promise<void>
  /** How a person opens one again. */
  readonly reopen: string
}

const bookSchema = z.record(z.string(), z.string())

/** Kept in a file, which is made when the first one closes; addresses stand in it by their digests only, as they are secrets. */
export function closedReceiversIn(file: string): ClosedReceivers {
  async function book(): Promise<Record<string, string>> {
    try {
      return bookSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    } catch {
      // None yet, or one that was broken: then whoever is closed says so once more.
      return {}
    }
  }
  return {
    since: async (url) => (await book())[keyOf(url)],
    async close(url, at) {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, `${JSON.stringify({ ...(await book()), [keyOf(url)]: at }, null, 2)}\n`, { mode: 0o600 })
    },
    reopen: `rm ${file}`,
  }
}

function keyOf(url: string): string {
  return createHash('sha256').update(url).digest('hex')
}
