import { contract, type AppView } from '@plimsoll/model'
import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Command } from '../../../components/command.tsx'
import { GoBack } from '../../../components/go-back.tsx'
import { Held } from '../../../components/held.tsx'
import { KeepFresh } from '../../../components/keep-fresh.tsx'
import { LiveLogs } from '../../../components/live-logs.tsx'
import { Moment } from '../../../components/moment.tsx'
import { Older } from '../../../components/older.tsx'
import { Page } from '../../../components/page.tsx'
import { PreviewOf } from '../../../components/preview-of.tsx'
import { ProblemPage } from '../../../components/problem-page.tsx'
import { ProblemView } from '../../../components/problem-view.tsx'
import { ReleaseList } from '../../../components/release-list.tsx'
import { Section } from '../../../components/section.tsx'
import { ServiceList } from '../../../components/service-list.tsx'
import { UnderWay } from '../../../components/under-way.tsx'
import { Unseen } from '../../../components/unseen.tsx'
import { ValueList } from '../../../components/value-list.tsx'
import { VerificationList } from '../../../components/verification-list.tsx'
import { paths } from '../../../paths.ts'
import { watchSentence } from '../../../release/watch-sentence.ts'
import { askApi, type Answer } from '../../../server/ask-api.ts'
import { looksAs } from '../../../server/who-looks.ts'

/** Of each, at most; the rest is one link away. */
const shown = { releases: 20, verifications: 10 }

type Params = { params: Promise<{ app: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: decodeURIComponent((await params).app) }
}

export default async function AppPage({ params }: Params) {
  const asked = { params: { app: (await params).app } }
  const [view, releases, verifications, values] = await Promise.all([askApi(contract.showApp, asked), askApi(contract.listReleases, { ...asked, query: { limit: shown.releases } }), askApi(contract.listVerifications, { ...asked, query: { limit: shown.verifications } }), askApi(contract.listValues, asked)])
  if (view.is === 'problem') return view.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={view.problem} />
  const app = view.value
  const now = Date.now()
  return (
    <Page here={app.name}>
      <KeepFresh everyMs={4000} />
      <AppHead app={app} now={now} />
      <div className="mt-6 grid items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(20rem,1fr)]">
        <div className="min-w-0 space-y-6">
          <Section title="Services" note={<NoteLink href={paths.instances(app.name)}>Instances</NoteLink>}><ServiceList services={app.services} placeProblem={app.placeProblem} /></Section>
          <Section title="Releases" note={<span className="flex gap-x-4"><NoteLink href={paths.builds(app.name)}>How they are built</NoteLink><NoteLink href={paths.success(app.name)}>How they go</NoteLink></span>}>
            <Part answer={releases}>{({ releases: list, next }) => (list.length === 0 ? <Nothing>None yet.</Nothing> : <><ReleaseList releases={list} now={now} /><Older href={next === null ? undefined : paths.releases(app.name, next)} /></>)}</Part>
          </Section>
          <Section title="Verifications">
            <Part answer={verifications}>{({ verifications: list, next }) => (list.length === 0 ? <Nothing>None yet. To prove what a directory holds: <Command>plimsoll verify</Command></Nothing> : <><VerificationList verifications={list} now={now} /><Older href={next === null ? undefined : paths.verifications(app.name, next)} /></>)}</Part>
          </Section>
        </div>
        <Section title="Kept values" note={<NoteLink href={paths.environment(app.name)}>Where all values come from</NoteLink>}>
          <Part answer={values}>{(list) => (list.length === 0 ? <Nothing>None. To keep one: <Command>plimsoll env set SERVICE/KEY=value</Command></Nothing> : <ValueList values={list} />)}</Part>
        </Section>
      </div>
      <p className="mt-6 flex flex-wrap gap-x-6 gap-y-2">
        <NoteLink href={paths.previews(app.name)}>Previews</NoteLink>
        {await looksAs('admin', app.name) && <NoteLink href={paths.github(app.name)}>What is done when its repository changes</NoteLink>}
      </p>
      <div className="mt-6"><Section title="Logs"><div className="p-4"><LiveLogs url={paths.logs(app.name)} services={app.services.map(({ service }) => service)} /></div></Section></div>
    </Page>
  )
}

function NoteLink({ href, children }: { href: string; children: string }) {
  return <Link href={href} className="underline decoration-line-strong underline-offset-4 hover:decoration-current">{children}</Link>
}

function AppHead({ app, now }: { app: AppView; now: number }) {
  const { name, live, back, underWay } = app
  const watched = live === null ? undefined : watchSentence(live, now)
  return (
    <section aria-label="What is live" className="overflow-hidden rounded-md border border-line bg-plate">
      <Held app={app} now={now} />
      <Unseen app={app} />
      {underWay !== null && <UnderWay release={underWay} now={now} />}
      <div className="flex flex-wrap items-center justify-between gap-4 p-4 sm:p-6">
        <div className="min-w-0">
          <h1 className="text-2xl font-semibold tracking-tight">{name}</h1>
          <PreviewOf app={app} />
          <p className="mt-1 text-ink-soft">
            {live === null ? 'Nothing is live.' : <><span className="font-medium text-good">Release {live.number} is live</span>, since <Moment at={live.endedAt ?? live.startedAt} now={now} />. {live.source.subject}</>}
          </p>
          {watched !== undefined && <p className="mt-1 max-w-3xl text-ink-soft">{watched}</p>}
        </div>
        {live !== null && back !== undefined && underWay === null && <GoBack app={name} to={back} />}
      </div>
    </section>
  )
}

function Part<T>({ answer, children }: { answer: Answer<T>; children: (value: T) => React.ReactNode }) {
  return answer.is === 'answer' ? children(answer.value) : <div className="p-4"><ProblemView problem={answer.problem} /></div>
}

function Nothing({ children }: { children: React.ReactNode }) {
  return <p className="px-4 py-3 text-ink-soft">{children}</p>
}
