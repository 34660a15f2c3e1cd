import { execFile, spawn } from 'node:child_process'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import type { Client } from '@plimsoll/client'
import { contract, PlimsollError, type GivenSource, type SentSource } from '@plimsoll/model'
import type { Session } from './session.ts'
import { fit } from './screen/fit.ts'
import { createPainter } from './screen/painter.ts'

const run = promisify(execFile)

interface Sending {
  readonly app: string
  readonly root: string
  readonly blueprint: string
}

/** Where the source of a command lies, as the API is told of it: the directory itself, or on another machine its commit, which is sent there first. */
export async function sourceFor({ client, session }: { readonly client: Client; readonly session: Session }, { app, root, blueprint }: Sending): Promise<GivenSource> {
  if (session.server() === undefined) return { root, blueprint }
  const git = gitIn(session, root)
  const commit = await git('rev-parse', '--verify', 'HEAD^{commit}')
  const [prefix, branch, changes] = await Promise.all([git('rev-parse', '--show-prefix'), git('rev-parse', '--abbrev-ref', 'HEAD'), git('status', '--porcelain', '--', '.')])
  const paint = createPainter(session.err)
  if (changes !== '') session.err.write(fit(`${paint('yellow', 'Uncommitted changes stay here:')} what is sent is commit ${commit.slice(0, 7)}\n`, session.err.columns))
  const bytes = packOf(root, commit, session)
  const { sent } = await client.upload(contract.sendSource, { params: { app }, query: { commit, ...(branch !== 'HEAD' && { branch }) } }, bytes, session.interrupted)
  return { sent, blueprint, ...(prefix !== '' && { prefix }) }
}

/** The newest commit of a branch, which is sent to a Plimsoll on another machine; undefined on this one, which finds it by itself. */
export async function branchFor({ client, session }: { readonly client: Client; readonly session: Session }, { app, root, blueprint, branch }: Sending & { readonly branch: string }): Promise<SentSource | undefined> {
  if (session.server() === undefined) return undefined
  const git = gitIn(session, root)
  const [commit, prefix] = [await git('rev-parse', '--verify', '--end-of-options', `refs/heads/${branch}^{commit}`), await git('rev-parse', '--show-prefix')]
  const { sent } = await client.upload(contract.sendSource, { params: { app }, query: { commit, branch } }, packOf(root, commit, session), session.interrupted)
  return { sent, blueprint, ...(prefix !== '' && { prefix }) }
}

function gitIn(session: Session, root: string): (...args: readonly string[]) => Promise<string> {
  return async (...args) => (await run('git', ['--no-optional-locks', ...args], { cwd: root, env: session.environment, signal: session.interrupted }).catch((error: unknown) => { throw notSent(root, error) })).stdout.trim()
}

/** The objects of that commit alone. A git that fails breaks the stream off, which the other side does not take for a source. */
function packOf(root: string, commit: string, { environment, interrupted }: Session): ReadableStream<Uint8Array> {
  const options = { cwd: root, env: environment, signal: interrupted }
  const listing = spawn('git', ['--no-optional-locks', 'rev-list', '--objects', '--no-walk', commit], { ...options, stdio: ['ignore', 'pipe', 'ignore'] })
  const packing = spawn('git', ['--no-optional-locks', 'pack-objects', '--stdout', '-q', '--delta-base-offset'], { ...options, stdio: ['pipe', 'pipe', 'ignore'] })
  for (const child of [listing, packing]) child.on('error', (error) => void packing.stdout.destroy(error))
  packing.stdin.on('error', () => undefined) // It has ended, and its own status says why.
  listing.stdout.pipe(packing.stdin)
  packing.once('exit', (code) => {
    if (code !== 0) packing.stdout.destroy(new Error(`git pack-objects ended with status ${code}`))
  })
  return Readable.toWeb(packing.stdout) as ReadableStream<Uint8Array>
}

function notSent(root: string, error: unknown): PlimsollError {
  return new PlimsollError('SOURCE_UNREADABLE', `${basename(root)} cannot be sent: it is no git repository with a commit`, { hint: 'Commit what is to be released: git add -A && git commit', cause: error })
}
