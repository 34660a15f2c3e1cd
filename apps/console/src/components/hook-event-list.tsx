import type { HookEvent } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
import { hookEventWords } from '../words/hook-event-words.ts'
import { Moment } from './moment.tsx'
import { ToneLabel } from './tone-label.tsx'

/** What GitHub has said, newest first, with what came of it. */
export function HookEventList({ app, events, now }: { app: string; events: readonly HookEvent[]; now: number }) {
  return (
    <ol className="divide-y divide-line">
      {events.map(({ delivery, at, about, is, why, release, verification }) => (
        <li key={delivery} className="grid gap-x-4 px-4 py-2 sm:grid-cols-[7rem_minmax(0,1fr)_auto]">
          <p className="text-[0.8125rem] text-ink-soft"><Moment at={at} now={now} /></p>
          <div className="min-w-0 break-words">
            <p>
              {about}
              {release !== null && <>, <Link href={paths.release(app, release)} className="underline underline-offset-4">release {release}</Link></>}
              {verification !== null && <>, <Link href={paths.verification(app, verification)} className="underline underline-offset-4">its verification</Link></>}
            </p>
            {why !== null && <p className="text-[0.8125rem] text-ink-soft">{why}</p>}
          </div>
          <p className="text-[0.8125rem]"><ToneLabel words={hookEventWords[is]} /></p>
        </li>
      ))}
    </ol>
  )
}
