import { randomUUID, X509Certificate } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { type KeyPair, selfSigned } from './self-signed.ts'

/** What one side of the control connection has: its own key, and the one certificate that it believes. */
export interface FleetKeys extends KeyPair {
  readonly peer: string
}

/** Both sides, as Plimsoll's home has them: who holds `controller` may steer, and who holds `edge` may be steered. */
export interface FleetSecrets {
  readonly controller: FleetKeys
  readonly edge: FleetKeys
}

const pairSchema = z.object({ key: z.string(), certificate: z.string() })
const fileSchema = z.object({ controller: pairSchema, edge: pairSchema })

/** The names under which an edge finds its part in a directory of secrets. */
export const edgeSecretNames = { key: 'plimsoll-edge.key', certificate: 'plimsoll-edge.crt', peer: 'plimsoll-controller.crt' } as const

/**
 * The keys of this home's fleet, from `<home>/edge-fleet/keys.json`, which its user alone may read. Made by the first call; later ones, and another process at the same
 * time, get the same. Throws `EDGE_DOWN` where the file is damaged: new keys in its place would lose every edge that runs.
 */
export async function fleetSecrets(home: string): Promise<FleetSecrets> {
  const directory = join(home, 'edge-fleet')
  const path = join(directory, 'keys.json')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const text = (await readIfThere(path)) ?? (await make(path))
  const pairs = fileSchema.safeParse(parsed(text))
  if (!pairs.success) {
    throw new PlimsollError('EDGE_DOWN', `The keys of the edges in ${path} are damaged.`, {
      hint: 'Put a good copy back. Without one, move the file away, release again, and every edge gets new keys: plimsoll up',
      details: { path },
    })
  }
  const { controller, edge } = pairs.data
  return { controller: { ...controller, peer: edge.certificate }, edge: { ...edge, peer: controller.certificate } }
}

/** An edge's part, from a directory that holds the three files of {@link edgeSecretNames}. Throws `USAGE` that names what is missing or unreadable. */
export async function readEdgeSecrets(directory: string): Promise<FleetKeys> {
  const read = async (name: string): Promise<string> => {
    const path = join(directory, name)
    return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new PlimsollError('USAGE', `The edge cannot read ${path}: ${error.code ?? error.message}.`, { hint: 'What an edge of a fleet needs: docs/edge.md' })
    })
  }
  const [key, certificate, peer] = await Promise.all([read(edgeSecretNames.key), read(edgeSecretNames.certificate), read(edgeSecretNames.peer)])
  return { key, certificate, peer }
}

/** What makes Node's TLS take the pinned certificate and nothing else. For both sides; the newest version of TLS only, which both speak. */
export function pinned({ key, certificate, peer }: FleetKeys): { readonly key: string; readonly cert: string; readonly ca: string; readonly minVersion: 'TLSv1.3' } {
  return { key, cert: certificate, ca: peer, minVersion: 'TLSv1.3' }
}

/** Whether the other side showed the pinned certificate itself, and not one that chains to it. */
export function isPeer(shown: Buffer | undefined, { peer }: Pick<FleetKeys, 'peer'>): boolean {
  return shown !== undefined && new X509Certificate(peer).raw.equals(shown)
}

async function make(path: string): Promise<string> {
  const own = `${path}.${randomUUID()}`
  const text = JSON.stringify({ controller: selfSigned('plimsoll-controller'), edge: selfSigned('plimsoll-edge') })
  await writeFile(own, text, { mode: 0o600, flush: true })
  try {
    // Fails where another process was faster; then its keys are the ones.
    await link(own, path)
    return text
  } catch (error) {
    const theirs = await readIfThere(path)
    if (theirs === undefined) throw error
    return theirs
  } finally {
    await rm(own, { force: true })
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: refused by the schema like any other damage.
    return undefined
  }
}
