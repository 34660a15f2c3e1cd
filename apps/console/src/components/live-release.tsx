'use client'

import type { JournalEntry, Release } from '@plimsoll/model'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { paths } from '../paths.ts'
import { canBeStopped, consequencesOfStopping } from '../release/consequences.ts'
import type { Standing } from '../release/standing.ts'
import { standingUnderWay } from '../release/standing-under-way.ts'
import { tellingOf, timelineOf } from '../release/timeline.ts'
import { linesOf, type Watch } from '../release/watch.ts'
import { liveBefore } from '../release/who-serves.ts'
import { interruptRelease } from '../server/steer-release.ts'
import { ConfirmAction } from './confirm-action.tsx'
import { StandingBanner } from './standing-banner.tsx'
import { StepDetail } from './step-detail.tsx'
import { Timeline } from './timeline.tsx'
import { useNow } from './use-now.ts'
import { useReleaseEvents } from './use-release-events.ts'

interface Known {
  readonly release: Release
  readonly journal: readonly JournalEntry[]
  /** What was live when the page was made, for as long as the release itself has not noted it. */
  readonly liveNow: number | null
  readonly now: number
  /** How it stands, once it has ended. */
  readonly settled: Standing | undefined
  /** Whether whoever looks may stop it. */
  readonly maySteer: boolean
  /** What it releases. */
  readonly about: ReactNode
  /** What can be done with a release that has ended. */
  readonly actions: ReactNode
  /** What else there is to read, made by the server. */
  readonly children: ReactNode
}

/** A release as it happens: who serves whom, the steps, and what the telling step printed. */
export function LiveRelease({ release: known, journal, liveNow, settled, now: atServer, maySteer, about, actions, children }: Known) {
  const watch = useReleaseEvents(paths.releaseEvents(known.app, known.number), { release: known, journal })
  // A page that is made again after the end knows more than the end told, such as that a later release has gone live.
  const release = watch.ended && known.state !== 'releasing' ? known : watch.release
  const now = useNow(atServer, !watch.ended)
  const [chosen, choose] = useState<string>()
  useFreshPage(watch, settled !== undefined)

  const steps = timelineOf(release, watch.journal)
  const before = liveBefore(watch.journal) ?? (watch.ended ? undefined : liveNow)
  const shown = steps.find(({ name }) => name === chosen) ?? tellingOf(steps)
  const stop = maySteer && !watch.ended && canBeStopped(steps) && (
    <ConfirmAction
      danger
      label="Stop this release"
      title={`Stop release ${release.number} of ${release.app}?`}
      consequences={consequencesOfStopping(steps, before)}
      confirm="Stop and take back"
      action={interruptRelease.bind(null, release.app, release.number)}
    />
  )
  return (
    <>
      <StandingBanner standing={settled ?? standingUnderWay({ release, timeline: steps, before })} release={release} steps={steps} now={now} connection={connectionWords(watch)} about={about}>
        {watch.ended ? actions : stop}
      </StandingBanner>
      <div className="mt-6 grid gap-6 lg:grid-cols-[23rem_minmax(0,1fr)]">
        <div className="self-start rounded-sm border border-line bg-plate p-2 lg:sticky lg:top-6">
          <Timeline steps={steps} now={now} chosen={shown?.name} onChoose={choose} />
        </div>
        <div className="min-w-0 space-y-6">
          {shown !== undefined && <StepDetail step={shown} lines={linesOf(watch, shown.name)} />}
          {children}
        </div>
      </div>
    </>
  )
}

/** How often a page that has not learned yet how it ended asks for that. */
const askAgainMs = 3_000

/** Asks the server for the page again when there is more to read on it: artifacts, verdicts, what it was held against, the end. */
function useFreshPage({ journal, ended }: Pick<Watch, 'journal' | 'ended'>, settled: boolean): void {
  const { refresh } = useRouter()
  const found = journal.filter((entry) => entry.is === 'done' && ('artifacts' in entry.gives || 'verdicts' in entry.gives || 'before' in entry.gives)).length
  const seen = useRef(found)
  useEffect(() => {
    if (found === seen.current) return
    seen.current = found
    refresh()
  }, [found, refresh])
  useEffect(() => {
    if (!ended || settled) return
    refresh()
    const timer = setInterval(refresh, askAgainMs)
    return () => clearInterval(timer)
  }, [ended, settled, refresh])
}

function connectionWords({ ended, connection, problem }: Watch): string {
  if (ended) return ''
  if (problem !== undefined) return `${problem.message}. Trying again.`
  return connection === 'lost' ? 'The connection was lost. Trying again; the release goes on without this page.' : ''
}
