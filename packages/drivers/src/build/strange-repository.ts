import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { PlimsollError } from '@plimsoll/model'
import { gitEnvironment } from '@plimsoll/repository'

const run = promisify(execFile)

/** Runs git, and gives what it printed. */
export type Git = (...args: readonly string[]) => Promise<string>

export interface CheckOutLimits {
  readonly checkedOutBytes: number
  readonly files: number
}

/** No hook, no filter, no configuration of this machine's user, and no submodule that is fetched. */
export const safely = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'core.protectHFS=true', '-c', 'core.protectNTFS=true', '-c', 'protocol.allow=never', '-c', 'gc.auto=0']
const machine = gitEnvironment()
/** Nothing of the machine but where its programs are. */
export const bareEnvironment = { PATH: machine['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }

/** The way through which this machine reaches others, and whom it trusts there. */
export const wayOut = Object.fromEntries(Object.entries(machine).filter(([name]) => /^(?:https?_proxy|no_proxy|all_proxy|ssl_cert_(?:file|dir))$/i.test(name)))

/** git in a repository that somebody else has filled. */
export function gitIn(directory: string, signal: AbortSignal, { config = [], environment = {} }: { readonly config?: readonly string[]; readonly environment?: Readonly<Record<string, string | undefined>> } = {}): Git {
  return async (...args) => (await run('git', [...safely, ...config.flatMap((each) => ['-c', each]), ...args], { cwd: directory, env: { ...bareEnvironment, ...environment }, maxBuffer: 256 * 1024 * 1024, signal })).stdout
}

/** Checks `commit` out, on `branch` where that can be the name of one. Throws `SOURCE_UNREADABLE` for what is beyond `limits`. */
export async function checkOut(git: Git, { commit, branch }: { readonly commit: string; readonly branch: string | undefined }, limits: CheckOutLimits): Promise<void> {
  refuseTooMuch(await git('ls-tree', '-r', '-l', '-z', `${commit}^{tree}`), limits)
  const name = branch !== undefined && (await isBranch(git, branch)) ? branch : undefined
  if (name === undefined) await git('update-ref', '--no-deref', 'HEAD', commit)
  else {
    await git('update-ref', `refs/heads/${name}`, commit)
    await git('symbolic-ref', 'HEAD', `refs/heads/${name}`)
  }
  await git('reset', '--quiet', '--hard')
}

/** The last line of what a git that failed has said. */
export function lastWords(error: unknown): string {
  return String((error as { readonly stderr?: unknown }).stderr ?? error).trim().split('\n').at(-1) ?? ''
}

/** `<mode> <kind> <id> <size>\t<path>`, each ended by NUL. */
function refuseTooMuch(listing: string, { checkedOutBytes, files }: CheckOutLimits): void {
  const records = listing.split('\0').filter((record) => record !== '')
  const bytes = records.reduce((sum, record) => sum + (Number(/^\S+ \S+ \S+ +(\d+)\t/.exec(record)?.[1] ?? 0)), 0)
  const hint = 'What is large and no source, such as media, belongs elsewhere.'
  if (records.length > files) throw new PlimsollError('SOURCE_UNREADABLE', `It holds ${records.length} files, more than ${files}`, { hint })
  if (bytes > checkedOutBytes) throw new PlimsollError('SOURCE_UNREADABLE', `It takes ${Math.round(bytes / 1e6)} MB, more than ${Math.round(checkedOutBytes / 1e6)} MB`, { hint })
}

async function isBranch(git: Git, branch: string): Promise<boolean> {
  return git('check-ref-format', '--branch', branch).then(() => true, () => false)
}
