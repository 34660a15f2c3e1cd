import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What tells this home from every other, also from one that stands in its place one day. Made at the first call; the home must be claimed. */
export async function homeId(home: string): Promise<string> {
  const path = join(home, 'id')
  const known = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  if (known.trim() !== '') return known.trim()
  const id = randomUUID()
  await writeFile(path, `${id}\n`, { mode: 0o600, flush: true })
  return id
}
