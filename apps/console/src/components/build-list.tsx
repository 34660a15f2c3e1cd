import type { ReleaseBuild, ServiceBuild } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'
import { durationOf } from '../words/duration.ts'
import { sizeChangeOf, sizeOf } from '../words/size.ts'
import { Moment } from './moment.tsx'

interface Listed {
  readonly app: string
  readonly releases: readonly ReleaseBuild[]
  readonly now: number
}

/** The build steps of releases: what ran when, what the step waited for, and why anything was built at all. */
export function BuildList({ app, releases, now }: Listed) {
  return (
    <ul className="space-y-4">
      {releases.map((build) => {
        const { release, at, tookMs, services, criticalPath } = build
        return (
          <li key={release} className="rounded-sm border border-line bg-plate">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line px-4 py-2">
              <h2 className="font-semibold"><Link href={paths.release(app, release)} className="underline-offset-4 hover:underline">Release {release}</Link> <span className="text-[0.8125rem] font-normal text-ink-soft"><Moment at={at} now={now} /></span></h2>
              <p className="tnum text-[0.875rem] text-ink-soft">{durationOf(tookMs)}{criticalPath.length > 0 && <>, critical: <span className="font-medium text-ink">{criticalPath.join(' → ')}</span></>}</p>
            </div>
            <ul className="divide-y divide-line">
              {services.map((service) => <ServiceRow key={service.service} build={service} wholeMs={longestOf(build)} isCritical={criticalPath.includes(service.service)} />)}
            </ul>
          </li>
        )
      })}
    </ul>
  )
}

function longestOf({ tookMs, services }: ReleaseBuild): number {
  return Math.max(1, tookMs, ...services.map((each) => each.tookMs))
}

function ServiceRow({ build, wholeMs, isCritical }: { build: ServiceBuild; wholeMs: number; isCritical: boolean }) {
  const { service, fresh, tookMs, waitedMs = 0, sizeBytes, wasBytes, why } = build
  const percent = (ms: number): string => `${((ms / wholeMs) * 100).toFixed(2)}%`
  return (
    <li className="grid gap-x-4 gap-y-1 px-4 py-2 lg:grid-cols-[minmax(0,14rem)_minmax(0,1fr)_minmax(0,26rem)]">
      <p className="min-w-0 font-medium break-words">{service}</p>
      <div aria-hidden="true" className="order-last flex h-2.5 self-center overflow-hidden rounded-sm bg-well lg:order-none">
        {fresh && <><span className="border-y border-l border-line-strong" style={{ width: percent(waitedMs) }} /><span className={isCritical ? 'bg-busy' : 'bg-line-strong'} style={{ width: percent(Math.max(0, tookMs - waitedMs)) }} /></>}
      </div>
      <p className="tnum min-w-0 text-[0.8125rem] break-words text-ink-soft lg:text-right">
        <span className="text-ink">{fresh ? builtWords(tookMs, waitedMs) : 'not built again'}</span>
        {' · '}{sizeOf(sizeBytes)}{wasBytes !== undefined && wasBytes !== sizeBytes && `, ${sizeChangeOf(wasBytes, sizeBytes)}`}
        {why !== undefined && <span className="block">{why}</span>}
      </p>
    </li>
  )
}

/** A wait of less than a second is that of everybody. */
function builtWords(tookMs: number, waitedMs: number): string {
  return waitedMs < 1_000 ? `built in ${durationOf(tookMs)}` : `built in ${durationOf(tookMs - waitedMs)}, after ${durationOf(waitedMs)} until its turn`
}
