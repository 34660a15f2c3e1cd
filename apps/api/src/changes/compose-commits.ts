import type { Commit, CommitRange, SomeCommits } from '@plimsoll/model'

/** `range` as it is seen from its other end. */
export function reversed(range: CommitRange): CommitRange {
  return range.is === 'known' ? { ...range, added: range.dropped, dropped: range.added } : range
}

/** One range after the other, as one: what comes in one and goes in another is in neither. Not known as soon as one of them is not. */
export function composeCommits(ranges: readonly CommitRange[]): CommitRange {
  let whole: CommitRange = { is: 'known', added: none, dropped: none, isShallow: false, within: '' }
  for (const range of ranges) {
    if (range.is === 'not known') return range
    whole = { is: 'known', ...after(whole, range), isShallow: whole.isShallow || range.isShallow, within: range.within }
  }
  return whole
}

type Known = Extract<CommitRange, { is: 'known' }>
const none: SomeCommits = { commits: [], more: 0 }

function after(one: Known, next: Known): Pick<Known, 'added' | 'dropped'> {
  return {
    added: joined(next.added, one.added, [...one.dropped.commits, ...next.dropped.commits]),
    // What goes first on the way back is the newest.
    dropped: joined(one.dropped, next.dropped, [...one.added.commits, ...next.added.commits]),
  }
}

/** The newer ones first, as git lists them. */
function joined(newer: SomeCommits, older: SomeCommits, without: readonly Commit[]): SomeCommits {
  const gone = new Set(without.map(({ id }) => id))
  const all = new Map([...newer.commits, ...older.commits].filter(({ id }) => !gone.has(id)).map((commit) => [commit.id, commit]))
  return { commits: [...all.values()], more: newer.more + older.more }
}
