import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The key by which this installation signs what it has verified: made at the first call, the same ever after. */
export async function installationKey(directory: string): Promise<KeyObject> {
  const file = join(directory, 'signing-key.pem')
  const known = await readFile(file, 'utf8').catch(() => undefined) // Made below where it is not there; a file that cannot be read cannot be made either.
  if (known !== undefined) return createPrivateKey(known)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const temporary = `${file}.${process.pid}`
  await writeFile(temporary, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flush: true })
  // Of two who make it at once, the first one stands.
  await link(temporary, file).catch(() => undefined)
  await rm(temporary)
  return createPrivateKey(await readFile(file, 'utf8'))
}
