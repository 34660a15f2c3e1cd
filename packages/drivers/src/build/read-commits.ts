import type { Commit, CommitRange, Source } from '@plimsoll/model'
import { runGit } from '@plimsoll/repository'

/** More than that nobody reads; how many more there are is told. */
const mostNamed = 100

/** Ends of what lies between two releases, as git knows them. */
export interface CommitQuestion {
  /** What is released. */
  readonly source: Source
  /** What was live. */
  readonly since: Source
}

/**
 * The commits that `source` brings beyond `since`, and those that only `since` had, read in the repository of `source`. What the repository cannot tell is
 * told as not known, with the reason: this never throws, for no release ends over its history.
 */
export async function readCommits({ source, since }: CommitQuestion, signal?: AbortSignal): Promise<CommitRange> {
  const { root, commit } = source
  if (commit === undefined) return unknown('What is released is in no commit')
  if (since.commit === undefined) return unknown('What was live was in no commit')
  const from = since.commit
  try {
    const [facts, isThere] = await Promise.all([
      text(root, ['rev-parse', '--is-shallow-repository', '--show-prefix'], signal),
      text(root, ['cat-file', '-e', `${from}^{commit}`], signal).then(() => true, () => false),
    ])
    const [shallow, prefix = ''] = facts.split('\n')
    if (!isThere) return unknown(whyNotThere(from, shallow === 'true'))
    const within = prefix.replace(/\/$/, '')
    const paths = within === '' ? [] : ['--', '.']
    const [added, dropped] = await Promise.all([some(root, [`${from}..${commit}`, ...paths], signal), some(root, [`${commit}..${from}`, ...paths], signal)])
    return { is: 'known', added, dropped, isShallow: shallow === 'true' && from !== commit, within }
  } catch {
    signal?.throwIfAborted()
    return unknown(`git could not tell the commits from ${from.slice(0, 7)} to ${commit.slice(0, 7)}`)
  }
}

function whyNotThere(from: string, isShallow: boolean): string {
  const short = from.slice(0, 7)
  return isShallow
    ? `The history ends before commit ${short}, which was live: what was sent is one commit, or the clone is shallow (git fetch --unshallow)`
    : `Commit ${short}, which was live, is not in this repository`
}

/** Fields end with NUL, which neither a name nor a subject can hold. */
const format = '--format=%H%x00%ct%x00%an%x00%s%x00'

async function some(root: string, range: readonly string[], signal: AbortSignal | undefined): Promise<{ commits: Commit[]; more: number }> {
  const commits = commitsIn(await text(root, ['log', `--max-count=${mostNamed}`, format, ...range], signal))
  if (commits.length < mostNamed) return { commits, more: 0 }
  const count = Number(await text(root, ['rev-list', '--count', ...range], signal))
  return { commits, more: Math.max(0, count - commits.length) }
}

function commitsIn(listed: string): Commit[] {
  const fields = listed.split('\0')
  return Array.from({ length: Math.floor(fields.length / 4) }, (_, i) => {
    const [id = '', seconds, author = '', subject = ''] = fields.slice(i * 4, i * 4 + 4)
    return { id: id.trim(), at: new Date(Number(seconds) * 1000).toISOString(), author, subject }
  })
}

async function text(root: string, args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  return (await runGit(root, args, signal)).toString().trim()
}

function unknown(why: string): CommitRange {
  return { is: 'not known', why }
}
