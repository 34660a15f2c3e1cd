import { contract, durationText, storyOf, type Verification, type VerificationStory } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CauseList } from '../../../../../components/cause-list.tsx'
import { ConcernList } from '../../../../../components/concern-list.tsx'
import { KeepFresh } from '../../../../../components/keep-fresh.tsx'
import { Moment } from '../../../../../components/moment.tsx'
import { NotCheckedList } from '../../../../../components/not-checked-list.tsx'
import { Page } from '../../../../../components/page.tsx'
import { ProblemPage } from '../../../../../components/problem-page.tsx'
import { ProblemView } from '../../../../../components/problem-view.tsx'
import { Section } from '../../../../../components/section.tsx'
import { SourceLine } from '../../../../../components/source-line.tsx'
import { TestList } from '../../../../../components/test-list.tsx'
import { ToneLabel } from '../../../../../components/tone-label.tsx'
import { VerifiedList } from '../../../../../components/verified-list.tsx'
import { paths } from '../../../../../paths.ts'
import { askApi } from '../../../../../server/ask-api.ts'
import { verificationWords } from '../../../../../words/verification-words.ts'

type Params = { params: Promise<{ app: string; verification: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).app)}, verification` }
}

export default async function VerificationPage({ params }: Params) {
  const { app: name, verification: id } = await params
  if (!/^[0-9a-z]+$/.test(id)) return notFound()
  const answer = await askApi(contract.showVerification, { params: { app: name, verification: id } })
  if (answer.is === 'problem') return answer.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={answer.problem} />
  const verification = answer.value
  const { app, artifacts } = verification
  const story = storyOf(verification)
  const isOver = verification.state !== 'running'
  return (
    <Page trail={[{ label: name, href: paths.app(name) }]} here="Verification">
      {!isOver && <KeepFresh everyMs={2000} />}
      <Head verification={verification} story={story} now={Date.now()} />
      {isOver && (
        <div className="mt-6 space-y-6">
          {story.blocking.length > 0 && <Section title="What blocks it"><CauseList app={app} verification={id} causes={story.blocking} tone="bad" /></Section>}
          {story.unknown.length > 0 && <Section title="What could not be found out"><CauseList app={app} verification={id} causes={story.unknown} tone="warn" /></Section>}
          {story.failedTests.length > 0 && <Section title="Tests that failed"><TestList tests={story.failedTests} /></Section>}
          {story.flakyTests.length > 0 && <Section title="Tests that failed and then passed"><TestList tests={story.flakyTests} /></Section>}
          {story.quarantinedTests.length > 0 && <Section title="Quarantined tests that did not pass"><TestList tests={story.quarantinedTests} /></Section>}
          {story.notChecked.length > 0 && <Section title="Not checked" note={String(story.notChecked.length)}><NotCheckedList notChecked={story.notChecked} /></Section>}
          {story.advice.length > 0 && <Section title="Advice" note="blocks nothing"><CauseList app={app} verification={id} causes={story.advice} tone="warn" /></Section>}
          <Section title="By concern"><ConcernList tallies={story.tallies} /></Section>
          {artifacts.length > 0 && <Section title="What was verified" note="these artifacts and no others may be released for it"><VerifiedList artifacts={artifacts} /></Section>}
        </div>
      )}
    </Page>
  )
}

function Head({ verification: { state, source, startedAt, endedAt, against, paused, place, problem, directory }, story, now }: { verification: Verification; story: VerificationStory; now: number }) {
  return (
    <section aria-label="Verdict" className="rounded-md border border-line bg-plate p-4 sm:p-6">
      <p><ToneLabel words={verificationWords[state]} /></p>
      <h1 className="mt-1 text-2xl font-semibold tracking-tight break-words">{story.sentence}</h1>
      {story.found.map((each) => <p key={each} className="mt-1 max-w-4xl break-words">{each}</p>)}
      {story.also.length > 0 && <p className="mt-1 max-w-4xl text-ink-soft">{story.also.join(' ')}</p>}
      <div className="mt-3 text-[0.875rem] text-ink-soft">
        <SourceLine source={source} />
        <p>
          Begun <Moment at={startedAt} now={now} />{endedAt !== undefined && `, ${durationText(Date.parse(endedAt) - Date.parse(startedAt))}`}; {against === undefined ? 'nothing was live' : `held against release ${against}`}
          {paused === true && ', as a release with a pause'}; rehearsed {place === 'process' ? 'as processes' : `on ${place}`}.
        </p>
        {endedAt !== undefined && <p className="break-words">The whole report, with its timeline: <code className="font-mono text-xs select-all">{directory}/report.html</code></p>}
      </div>
      {problem !== undefined && <div className="mt-4"><ProblemView problem={problem} /></div>}
    </section>
  )
}
