import type { Release } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
import { durationOf } from '../words/duration.ts'
import { outcomeSentence } from '../words/outcome-sentence.ts'
import { Moment } from './moment.tsx'
import { SourceLine } from './source-line.tsx'
import { Unproven } from './unproven.tsx'
import { StateLabel } from './state-label.tsx'

/** Releases, newest first. The whole row leads to the release. */
export function ReleaseList({ releases, now }: { releases: readonly Release[]; now: number }) {
  return (
    <ul className="divide-y divide-line">
      {releases.map((release) => (
        <li key={release.number} className="relative grid grid-cols-[3rem_minmax(0,1fr)_auto] gap-x-3 px-4 py-2.5 hover:bg-well">
          <p className="tnum text-lg leading-6 font-semibold">
            <Link href={paths.release(release.app, release.number)} aria-label={`Release ${release.number}`} className="after:absolute after:inset-0">{release.number}</Link>
          </p>
          <div className="min-w-0">
            {release.kind === 'rollback' ? <p>Back to release {release.backTo}</p> : <SourceLine source={release.source} />}
            <Unproven why={release.unproven} />
            <p className="line-clamp-2 text-[0.8125rem] break-words text-ink-soft">{outcomeSentence(release)}</p>
          </div>
          <div className="text-right text-[0.8125rem] text-ink-soft">
            <p className="text-[0.875rem]"><StateLabel state={release.state} /></p>
            <p><Moment at={release.startedAt} now={now} />{release.endedAt !== undefined && <span className="tnum hidden whitespace-nowrap sm:inline"> · {durationOf(Date.parse(release.endedAt) - Date.parse(release.startedAt))}</span>}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}
