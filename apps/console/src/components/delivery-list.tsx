import type { Delivery } from '@plimsoll/model'
import { deliveryWords } from '../words/delivery-words.ts'
import { Moment } from './moment.tsx'
import { ToneLabel } from './tone-label.tsx'

/** What became of the last messages, newest first. */
export function DeliveryList({ deliveries, now }: { deliveries: readonly Delivery[]; now: number }) {
  return (
    <ol className="divide-y divide-line">
      {deliveries.map(({ id, at, channel, headline, is, tries, why, nextAt }) => (
        <li key={id} className="grid gap-x-4 px-4 py-2 sm:grid-cols-[7rem_minmax(0,1fr)_auto]">
          <p className="text-[0.8125rem] text-ink-soft"><Moment at={at} now={now} /></p>
          <div className="min-w-0 break-words">
            <p>{headline} <span className="text-[0.8125rem] text-ink-soft">to {channel.name}</span></p>
            {why !== null && <p className="text-[0.8125rem] text-ink-soft">{why}{tries > 1 && ` (${tries} tries)`}{nextAt !== null && <>; next try <time dateTime={nextAt}>{nextAt.slice(11, 16)} UTC</time></>}</p>}
          </div>
          <p className="text-[0.8125rem]"><ToneLabel words={deliveryWords[is]} /></p>
        </li>
      ))}
    </ol>
  )
}
