import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { codeOf } from '../postgres/code-of.ts'
import { secretKeysIn, type SecretKey } from './secret-key.ts'

export type SecretKeys = readonly [SecretKey, ...SecretKey[]]

/** Where the keys come from that secrets are sealed with. */
export interface KeySource {
  /** In words, for people: a path, or the name of a variable. */
  readonly from: string
  /** Undefined where there is none. Throws `SECRETS_LOCKED` for what cannot be used. */
  read(): Promise<SecretKeys | undefined>
  /** Only where keys may be made and dropped: keeps these from now on, on the disk when it returns. */
  readonly file?: {
    /** Keeps the first key that there is, and gives those that are kept when somebody else was first. */
    settle(keys: SecretKeys): Promise<SecretKeys>
    replace(keys: SecretKeys): Promise<void>
  }
}

/** A file that only its owner can read. */
export function keyFile(path: string): KeySource {
  const read = async (): Promise<SecretKeys | undefined> => {
    const text = await readOwn(path)
    return text === undefined ? undefined : keysOrThrow(text, path)
  }
  return {
    from: path, read,
    file: {
      async settle(keys) {
        const beside = await writeBeside(path, keys)
        try {
          // Unlike a rename it takes nobody's place.
          await link(beside, path)
        } catch (error) {
          if (codeOf(error) !== 'EEXIST') throw error
        } finally {
          await rm(beside, { force: true })
        }
        await syncDirectory(path)
        return (await read()) ?? keys
      },
      async replace(keys) {
        await rename(await writeBeside(path, keys), path)
        await sweepBeside(path)
        await syncDirectory(path)
      },
    },
  }
}

/** Keys that somebody else looks after: `from` says where they were given. */
export function givenKeys(from: string, read: () => Promise<string>): KeySource {
  return { from, read: async () => keysOrThrow(await read().catch((error: unknown) => { throw unreadable(from, error) }), from) }
}

function keysOrThrow(text: string, from: string): SecretKeys {
  const keys = secretKeysIn(text)
  if (keys !== undefined) return keys
  throw new PlimsollError('SECRETS_LOCKED', `${from} holds no key: it must be 32 bytes in base64, and one line for each key`, { hint: 'Put back what was there from its backup. What a lost key means: docs/secrets.md' })
}

async function readOwn(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path)
    if ((mode & 0o077) !== 0) throw new PlimsollError('SECRETS_LOCKED', `${path} can be read by others than its owner, and holds the key of all secrets`, { hint: `Close it: chmod 600 ${path}. If somebody may have read it, rotate the key then: plimsoll secrets rotate` })
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw unreadable(path, error)
  }
}

/** That a key cannot be read is no reason for Plimsoll not to start. */
function unreadable(from: string, error: unknown): unknown {
  const code = codeOf(error)
  if (code === undefined || error instanceof PlimsollError) return error
  return new PlimsollError('SECRETS_LOCKED', `${from}, which holds the key of all secrets, cannot be read (${code})`, { hint: 'Let the user that Plimsoll runs as read it, or put it back from its backup: it is looked for again whenever it is needed.', cause: error })
}

async function writeBeside(path: string, keys: SecretKeys): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const beside = `${path}.${randomUUID()}`
  const file = await open(beside, 'wx', 0o600)
  try {
    await file.writeFile(keys.map(({ text }) => `${text}\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
  return beside
}

/** What somebody left who was killed while writing holds keys too. */
async function sweepBeside(path: string): Promise<void> {
  const left = (await readdir(dirname(path))).filter((name) => name.startsWith(`${basename(path)}.`))
  await Promise.all(left.map((name) => rm(join(dirname(path), name), { force: true })))
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path))
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
