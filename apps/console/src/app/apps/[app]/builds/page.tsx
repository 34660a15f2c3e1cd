import { contract, type Builds } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { BuildList } from '../../../../components/build-list.tsx'
import { Page } from '../../../../components/page.tsx'
import { ProblemPage } from '../../../../components/problem-page.tsx'
import { Section } from '../../../../components/section.tsx'
import { ToneLabel } from '../../../../components/tone-label.tsx'
import { paths } from '../../../../paths.ts'
import { askApi } from '../../../../server/ask-api.ts'
import { barWords } from '../../../../words/bar-words.ts'
import { durationOf } from '../../../../words/duration.ts'

type Params = { params: Promise<{ app: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `Builds of ${decodeURIComponent((await params).app)}` }
}

export default async function BuildsPage({ params }: Params) {
  const { app } = await params
  const answer = await askApi(contract.showBuilds, { params: { app } })
  if (answer.is === 'problem') return answer.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={answer.problem} />
  const { app: name, releases, times } = answer.value
  return (
    <Page trail={[{ label: name, href: paths.app(name) }]} here="Builds">
      <h1 className="text-2xl font-semibold tracking-tight">Builds of {name}</h1>
      <p className="mt-1 mb-6 text-ink-soft">Of releases whose build came to its end, newest first. Equal inputs are not built twice.</p>
      <div className="space-y-6">
        <Times times={times} />
        {releases.length === 0 ? <p className="text-ink-soft">Nothing was built yet.</p> : <BuildList app={name} releases={releases} now={Date.now()} />}
      </div>
    </Page>
  )
}

function Times({ times }: { times: Builds['times'] }) {
  return (
    <Section title="How long they take" note="where something was built anew">
      <dl className="grid gap-x-6 gap-y-1 px-4 py-3 sm:grid-cols-[13rem_minmax(0,1fr)_auto]">
        <dt className="font-medium">Build step{times !== null && <span className="block text-[0.8125rem] font-normal text-ink-soft">under {durationOf(times.barMs)}</span>}</dt>
        <dd className="tnum">{times === null ? 'Nothing was built yet.' : `Half within ${durationOf(times.p50Ms)}, 19 of 20 within ${durationOf(times.p95Ms)}, of ${times.count}.`}</dd>
        <dd><ToneLabel words={barWords[times === null ? 'not known' : times.p95Ms < times.barMs ? 'yes' : 'no']} /></dd>
      </dl>
    </Section>
  )
}
