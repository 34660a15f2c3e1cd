import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const endpointSchema = z.object({ url: z.string(), pid: z.number().int(), version: z.string() })

/** Where the API of a home answers. */
export type Endpoint = z.infer<typeof endpointSchema>

const endpointPath = (home: string): string => join(home, 'api/endpoint.json')
const tokenPath = (home: string): string => join(home, 'api/token')

/** The token of this home: the `given` one, else one that is made at the first call. Only its owner can read the file. */
export async function settleToken(home: string, given?: string): Promise<string> {
  const path = tokenPath(home)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  if (given !== undefined) {
    await writeFile(`${path}.new`, given, { mode: 0o600 })
    await rename(`${path}.new`, path)
    return given
  }
  await writeFile(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    // It was made by an earlier start.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
  return (await readFile(path, 'utf8')).trim()
}

/** Tells where the API answers. Written beside and renamed, so that a reader never sees half of it. */
export async function announce(home: string, endpoint: Endpoint): Promise<void> {
  const path = endpointPath(home)
  await writeFile(`${path}.new`, `${JSON.stringify(endpoint)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** Where an API of this home has announced that it answers. That it still does is not said. */
export async function announced(home: string): Promise<Endpoint | undefined> {
  const text = await readFile(endpointPath(home), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : endpointSchema.safeParse(JSON.parse(text)).data
}

/** Takes the announcement back, unless another API has announced itself meanwhile. */
export async function withdraw(home: string): Promise<void> {
  if ((await announced(home))?.pid === process.pid) await rm(endpointPath(home), { force: true })
}
