import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What tells this home from every other, also from one that stands in its place one day. Made at the first call; of several at once all get the same. */
export async function homeId(home: string): Promise<string> {
  const path = join(home, 'id')
  const known = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  if (known.trim() !== '') return known.trim()
  await mkdir(home, { recursive: true, mode: 0o700 })
  // Beside and linked into place, so that nobody reads half of it, and the first one stands.
  const made = `${path}.${process.pid}`
  await writeFile(made, `${randomUUID()}\n`, { mode: 0o600, flush: true })
  await link(made, path).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  await rm(made)
  return (await readFile(path, 'utf8')).trim()
}
