import { spawn } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { PlimsollError } from '@plimsoll/model'
import { bareEnvironment, checkOut, gitIn, lastWords, safely, type CheckOutLimits } from './strange-repository.ts'

export interface SentSource {
  /** The whole id of the commit. */
  readonly commit: string
  readonly branch: string | undefined
  /** The objects of that one commit, as `git pack-objects` writes them. */
  readonly pack: Readable
}

export interface ReceiveLimits extends CheckOutLimits {
  readonly packBytes: number
}

/** A gigabyte to send, four to check out: more than that is data, and no source. */
export const usualReceiveLimits: ReceiveLimits = { packBytes: 1024 ** 3, checkedOutBytes: 4 * 1024 ** 3, files: 300_000 }

/**
 * Makes a repository of one commit at `directory`, which must not be there yet, from what somebody else has sent of theirs, and checks it out. That it is
 * what was named is certain, for git names a commit by all that is in it. Nothing of the sender's configuration comes along, and no hook or filter is run.
 * Throws `SOURCE_UNREADABLE` for a stream that breaks off, is no pack, lacks the commit, or is beyond `limits`; nothing is left then.
 */
export async function receiveSource(directory: string, { commit, branch, pack }: SentSource, limits: ReceiveLimits, signal: AbortSignal): Promise<void> { // oxlint-disable-line max-params -- a signal is the last parameter of everything that waits
  if (!/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(commit)) throw unreadable(`"${commit.slice(0, 80)}" is not the id of a commit`)
  const git = gitIn(directory, signal)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  try {
    await git('init', '--quiet', '--template=', ...(commit.length === 64 ? ['--object-format=sha256'] : []), '.')
    await indexPack(directory, pack, limits, signal)
    // Its parents were not sent, and are not missed.
    await writeFile(path.join(directory, '.git/shallow'), `${commit}\n`)
    await checkOut(git, { commit, branch }, limits)
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    signal.throwIfAborted()
    throw error instanceof PlimsollError ? error : unreadable(`What was sent is not commit ${commit.slice(0, 12)}: ${lastWords(error)}`)
  }
}

// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function indexPack(directory: string, pack: Readable, { packBytes }: ReceiveLimits, signal: AbortSignal): Promise<void> {
  const child = spawn('git', [...safely, 'index-pack', '--stdin', '--fsck-objects', `--max-input-size=${packBytes}`], { cwd: directory, env: bareEnvironment, stdio: ['pipe', 'ignore', 'pipe'], signal })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-2000)))
  const ended = new Promise<number | null>((resolve) => child.once('error', () => resolve(null)).once('close', resolve))
  // git closes its end as soon as it has seen enough; what it says of that is the reason.
  const sent = await pipeline(pack, child.stdin, { signal }).then(() => undefined, (error: unknown) => error)
  const status = await ended
  signal.throwIfAborted()
  if (status === 0 && sent === undefined) return
  throw unreadable(`What was sent cannot be read: ${said.trim().split('\n').at(-1) || 'the connection broke off'}`)
}

function unreadable(message: string): PlimsollError {
  return new PlimsollError('SOURCE_UNREADABLE', message, { hint: 'Send it again. What is large and no source, such as media, belongs elsewhere.' })
}
