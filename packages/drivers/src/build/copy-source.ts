import { mkdir, rm } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { PlimsollError } from '@plimsoll/model'
import { checkOut, gitIn, lastWords, type CheckOutLimits } from './strange-repository.ts'

export interface KnownCommit {
  /** An absolute directory of a repository of this machine, which need not be its root, and may have moved on. */
  readonly from: string
  /** The whole id of the commit. */
  readonly commit: string
  /** Under which branch it is checked out; under none unless given. */
  readonly branch: string | undefined
}

/**
 * Makes a repository of one commit at `directory`, which must not be there yet, and checks it out. Gives where `from` lies in it, which is the same place
 * that it has in its own repository. Throws `SOURCE_UNREADABLE` where the commit is not there any more, or beyond `limits`; nothing is left then.
 */
export async function copySource(directory: string, { from, commit, branch }: KnownCommit, limits: CheckOutLimits, signal: AbortSignal): Promise<{ readonly prefix: string }> { // oxlint-disable-line max-params -- a signal is the last parameter of everything that waits
  if (!/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(commit)) throw new PlimsollError('SOURCE_UNREADABLE', `"${commit.slice(0, 80)}" is not the id of a commit`)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const git = gitIn(directory, signal, { config: ['protocol.file.allow=always'] })
  try {
    const [top = '', prefix = ''] = (await gitIn(from, signal)('rev-parse', '--show-toplevel', '--show-prefix')).split('\n')
    await git('init', '--quiet', '--template=', ...(commit.length === 64 ? ['--object-format=sha256'] : []), '.')
    await git('fetch', '--quiet', '--depth=1', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', pathToFileURL(top).href, `+${commit}:refs/plimsoll/copied`)
    await checkOut(git, { commit, branch }, limits)
    return { prefix }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    signal.throwIfAborted()
    if (error instanceof PlimsollError) throw error
    throw new PlimsollError('SOURCE_UNREADABLE', `Commit ${commit.slice(0, 12)} is not to be had from ${from} any more: ${lastWords(error)}`, { hint: 'Release that commit there again, and promote it then.' })
  }
}
