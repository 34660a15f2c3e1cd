import type { AppView, Release } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
import { outcomeSentence } from '../words/outcome-sentence.ts'
import { Moment } from './moment.tsx'
import { PreviewOf } from './preview-of.tsx'
import { ServiceList } from './service-list.tsx'
import { SourceLine } from './source-line.tsx'
import { Unproven } from './unproven.tsx'
import { StateLabel } from './state-label.tsx'
import { UnderWay } from './under-way.tsx'
import { Unseen } from './unseen.tsx'

interface Shown {
  readonly app: AppView
  readonly now: number
}

/** One app at a glance: what is live, for how long, how its services are, and how the last release went. */
export function AppPlate({ app, now }: Shown) {
  const { name, live, last, underWay, services, placeProblem } = app
  return (
    <section aria-label={name} className="overflow-hidden rounded-md border border-line bg-plate">
      <Unseen app={app} />
      {underWay !== null && <UnderWay release={underWay} now={now} />}
      <div className="grid lg:grid-cols-[minmax(18rem,1fr)_minmax(0,2fr)]">
        <div className="border-b border-line p-4 sm:p-6 lg:border-r lg:border-b-0">
          <h2 className="text-xl font-semibold tracking-tight"><Link href={paths.app(name)} className="underline-offset-4 hover:underline">{name}</Link></h2>
          <PreviewOf app={app} />
          <LiveLine live={live} now={now} />
          {last !== null && <LastLine last={last} now={now} />}
        </div>
        <ServiceList {...{ services, placeProblem }} />
      </div>
    </section>
  )
}

function LiveLine({ live, now }: { live: Release | null; now: number }) {
  if (live === null) return <p className="mt-2 text-ink-soft">Nothing is live.</p>
  return (
    <>
      <p className="tnum mt-2 flex flex-wrap items-baseline gap-x-2">
        <Link href={paths.release(live.app, live.number)} className="text-[2rem] leading-10 font-semibold tracking-tight text-good underline-offset-4 hover:underline">Release {live.number}</Link>
        <span className="text-ink-soft">live since <Moment at={live.endedAt ?? live.startedAt} now={now} /></span>
      </p>
      <SourceLine source={live.source} />
      <Unproven why={live.unproven} />
    </>
  )
}

/** How the last release ended, which need not be the one that is live. */
function LastLine({ last, now }: { last: Release; now: number }) {
  return (
    <div className="mt-4 border-t border-line pt-3 text-[0.875rem]">
      <p className="flex flex-wrap items-center gap-x-2">
        Last: <Link href={paths.release(last.app, last.number)} className="underline underline-offset-3">release {last.number}</Link>
        <StateLabel state={last.state} />
        <span className="text-ink-soft"><Moment at={last.endedAt ?? last.startedAt} now={now} /></span>
      </p>
      <p className="mt-0.5 line-clamp-3 break-words text-ink-soft">{outcomeSentence(last)}</p>
    </div>
  )
}
