import { contract, isWatching, type AppView, type JournalEntry, type Release } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { ArtifactList } from '../../../../../components/artifact-list.tsx'
import { GoBack } from '../../../../../components/go-back.tsx'
import { KeepFresh } from '../../../../../components/keep-fresh.tsx'
import { LiveRelease } from '../../../../../components/live-release.tsx'
import { Page } from '../../../../../components/page.tsx'
import { ProblemPage } from '../../../../../components/problem-page.tsx'
import { ProblemView } from '../../../../../components/problem-view.tsx'
import { Promote } from '../../../../../components/promote.tsx'
import { Proof } from '../../../../../components/proof.tsx'
import { ReleaseChangesSection } from '../../../../../components/release-changes.tsx'
import { Section } from '../../../../../components/section.tsx'
import { SourceLine } from '../../../../../components/source-line.tsx'
import { TrafficSection } from '../../../../../components/traffic-section.tsx'
import { Unproven } from '../../../../../components/unproven.tsx'
import { VerdictList } from '../../../../../components/verdict-list.tsx'
import { paths } from '../../../../../paths.ts'
import type { Standing } from '../../../../../release/standing.ts'
import { standingAtTheEnd } from '../../../../../release/standing-at-the-end.ts'
import { timelineOf } from '../../../../../release/timeline.ts'
import { liveBefore, servingNumber } from '../../../../../release/who-serves.ts'
import { askApi } from '../../../../../server/ask-api.ts'
import { looksAs } from '../../../../../server/who-looks.ts'

type Params = { params: Promise<{ app: string; release: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  const { app, release } = await params
  return { title: `${decodeURIComponent(app)}, release ${release}` }
}

export default async function ReleasePage({ params }: Params) {
  const { app: name, release: number } = await params
  if (!/^[1-9]\d{0,8}$/.test(number)) return notFound()
  const [detail, changes, view, traffic] = await Promise.all([
    askApi(contract.showRelease, { params: { app: name, release: number } }),
    askApi(contract.showChanges, { params: { app: name, release: number } }),
    askApi(contract.showApp, { params: { app: name } }),
    askApi(contract.showTraffic, { params: { app: name, release: number } }),
  ])
  if (detail.is === 'problem') return detail.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={detail.problem} />
  const { release, journal, verdicts, artifacts, proof } = detail.value
  const app = view.is === 'answer' ? view.value : undefined
  const [liveNow, now] = [app?.live?.number ?? null, Date.now()]
  return (
    <Page trail={[{ label: name, href: paths.app(name) }]} here={`Release ${number}`}>
      {isWatching(release.watch) && <KeepFresh everyMs={2000} />}
      <LiveRelease
        key={number} release={release} journal={journal} liveNow={liveNow} now={now} settled={settledAs(release, journal, { live: liveNow, now })} maySteer={await looksAs('releaser', release.app)}
        actions={app !== undefined && <div className="flex flex-wrap items-center gap-x-4 gap-y-2"><WayBack app={app} release={release} /><Suspense fallback={null}><Promote app={app} release={release} /></Suspense></div>}
        about={<><SourceLine source={release.source} /><Unproven why={release.unproven} /></>}
      >
        <TrafficSection release={release} traffic={traffic} />
        <Proof release={release} proof={proof} />
        {changes.is === 'answer' ? <ReleaseChangesSection changes={changes.value} now={Date.now()} /> : <Section title="What changes"><div className="p-4"><ProblemView problem={changes.problem} /></div></Section>}
        {verdicts.length > 0 && <Section title="Checks" note={`${verdicts.filter(({ is }) => is === 'pass').length} of ${verdicts.length} passed`}><VerdictList verdicts={verdicts} /></Section>}
        {artifacts.length > 0 && <Section title="Artifacts"><ArtifactList artifacts={artifacts} /></Section>}
      </LiveRelease>
    </Page>
  )
}

function settledAs(release: Release, journal: readonly JournalEntry[], at: { readonly live: number | null; readonly now: number }): Standing | undefined {
  return release.state === 'releasing' ? undefined : standingAtTheEnd({ release, timeline: timelineOf(release, journal), before: liveBefore(journal), ...at })
}

/** From the live release to the one that is gone back to; from a warm one, to itself. */
function WayBack({ app: { name, live, previous, back, underWay }, release }: { app: AppView; release: Release }) {
  if (live === null || underWay !== null) return null
  const own = servingNumber(release)
  const to = previous.find((warm) => warm === own) ?? (own === servingNumber(live) ? back : undefined)
  return to === undefined ? null : <GoBack app={name} to={to} />
}
