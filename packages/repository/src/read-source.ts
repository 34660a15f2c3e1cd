import { stat } from 'node:fs/promises'
import path from 'node:path'
import { PlimsollError, type Source } from '@plimsoll/model'
import { isInRepository, runGit } from './run-git.ts'

/**
 * What lies at `root` right now: its commit, its branch, and whether files differ from the commit.
 * Only files under `root` count, so a Blueprint in a sub-directory is not called dirty
 * because of its neighbours. Throws `SOURCE_UNREADABLE`, `TOOL_MISSING`.
 */
export async function readSource(root: string, blueprint = 'render.yaml', signal?: AbortSignal): Promise<Source> {
  const absolute = path.resolve(root)
  const directory = await stat(absolute).catch(() => undefined)
  if (directory?.isDirectory() !== true) {
    throw new PlimsollError('SOURCE_UNREADABLE', `${absolute} is not a directory`, { hint: 'name the directory that holds render.yaml' })
  }
  const bare: Source = { root: absolute, blueprint, dirty: true }
  if (!isInRepository(absolute)) return bare
  // Asked first, so that an unreadable repository fails here and is not taken for one without commits.
  await runGit(absolute, ['rev-parse', '--show-prefix'], signal)
  const [commit, branch, changes] = await Promise.all([
    ask(absolute, ['rev-parse', '--verify', '--quiet', 'HEAD'], signal),
    ask(absolute, ['symbolic-ref', '--short', '--quiet', 'HEAD'], signal),
    runGit(absolute, ['status', '--porcelain', '-z', '--untracked-files=normal', '--', '.'], signal),
  ])
  if (commit === undefined) return { ...bare, ...(branch !== undefined && { branch }) }
  const [told, tracked] = await Promise.all([
    ask(absolute, ['log', '-1', '--format=%ct %s', commit], signal),
    runGit(absolute, ['ls-tree', '-z', commit], signal),
  ])
  const [, seconds, subject = ''] = /^(\d+) ?(.*)$/s.exec(told ?? '') ?? []
  return {
    root: absolute,
    blueprint,
    commit,
    ...(branch !== undefined && { branch }),
    ...(subject !== '' && { subject }),
    ...(seconds !== undefined && { committedAt: new Date(Number(seconds) * 1000).toISOString() }),
    // A directory that the repository ignores has no files in the commit: what lies there is not the commit's.
    dirty: changes.length > 0 || tracked.length === 0,
  }
}

async function ask(root: string, args: readonly string[], signal: AbortSignal | undefined): Promise<string | undefined> {
  const answer = await runGit(root, args, signal).catch((error: unknown) => {
    signal?.throwIfAborted()
    // git answers these questions with a failure when there is nothing to name, e.g. a detached HEAD.
    void error
    return Buffer.alloc(0)
  })
  const text = answer.toString().trim()
  return text === '' ? undefined : text
}
