import type { VerificationSummary } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
import { durationOf } from '../words/duration.ts'
import { summarySentence } from '../words/summary-sentence.ts'
import { verificationWords } from '../words/verification-words.ts'
import { Moment } from './moment.tsx'
import { SourceLine } from './source-line.tsx'
import { ToneLabel } from './tone-label.tsx'

/** Verifications, newest first. The whole row leads to what was asked. */
export function VerificationList({ verifications, now }: { verifications: readonly VerificationSummary[]; now: number }) {
  return (
    <ul className="divide-y divide-line">
      {verifications.map((each) => (
        <li key={each.id} className="relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-4 py-2.5 hover:bg-well">
          <div className="min-w-0">
            <Link href={paths.verification(each.app, each.id)} className="after:absolute after:inset-0"><SourceLine source={each.source} /></Link>
            <p className="line-clamp-2 text-[0.8125rem] break-words text-ink-soft">{summarySentence(each)}</p>
          </div>
          <div className="text-right text-[0.8125rem] text-ink-soft">
            <p className="text-[0.875rem]"><ToneLabel words={verificationWords[each.state]} /></p>
            <p><Moment at={each.startedAt} now={now} />{each.endedAt !== undefined && <span className="tnum hidden whitespace-nowrap sm:inline"> · {durationOf(Date.parse(each.endedAt) - Date.parse(each.startedAt))}</span>}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}
