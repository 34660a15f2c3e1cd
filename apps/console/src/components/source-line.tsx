import type { Source } from '@plimsoll/model'

/** What was released: the subject of the commit, then the commit. */
export function SourceLine({ source: { subject, commit, branch, dirty } }: { source: Source }) {
  return (
    <p className="min-w-0 break-words [&>span]:mr-1">
      <span className="text-ink">{subject ?? (commit === undefined ? 'Working tree without a commit' : 'No subject')}</span>{' '}
      {commit !== undefined && <span className="font-mono text-[0.8125rem] whitespace-nowrap">{commit.slice(0, 7)}{branch !== undefined && ` on ${branch}`}</span>}{' '}
      {dirty && <span className="text-[0.8125rem] whitespace-nowrap text-warn">with uncommitted changes</span>}
    </p>
  )
}
