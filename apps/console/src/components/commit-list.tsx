import type { Commit, SomeCommits } from '@plimsoll/model'
import { Mark } from './mark.tsx'
import { Moment } from './moment.tsx'

interface Listed {
  readonly title: string
  readonly list: SomeCommits
  readonly now: number
  readonly tone?: 'warn'
}

/** So many are seen at once; the others unfold. */
const atOnce = 5

/** Commits as people recognise them, newest first. */
export function CommitList({ title, list: { commits, more }, now, tone }: Listed) {
  const rest = commits.slice(atOnce)
  return (
    <div>
      <p className={`flex gap-1.5 font-medium ${tone === 'warn' ? 'text-warn' : ''}`}>{tone !== undefined && <Mark tone={tone} className="mt-1 size-3.5" />}<span>{title}</span></p>
      <ul>{commits.slice(0, atOnce).map((commit) => <CommitRow key={commit.id} commit={commit} now={now} />)}</ul>
      {rest.length > 0 && (
        <details>
          <summary className="cursor-pointer py-1 text-[0.875rem] text-ink-soft">{rest.length + more} more</summary>
          <ul>{rest.map((commit) => <CommitRow key={commit.id} commit={commit} now={now} />)}</ul>
          {more > 0 && <p className="py-1 text-[0.875rem] text-ink-soft">And {more} that are not named here.</p>}
        </details>
      )}
    </div>
  )
}

function CommitRow({ commit: { id, author, subject, at }, now }: { commit: Commit; now: number }) {
  return (
    <li className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-2 py-0.5">
      <code className="font-mono text-[0.8125rem] leading-6 text-ink-soft" title={id}>{id.slice(0, 7)}</code>
      <p className="min-w-0 break-words">{subject === '' ? 'No subject' : subject} <span className="text-[0.8125rem] text-ink-soft">{author}, <Moment at={at} now={now} /></span></p>
    </li>
  )
}
