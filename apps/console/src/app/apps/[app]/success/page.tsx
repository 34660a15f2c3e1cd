import { contract, type Measure } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Moment } from '../../../../components/moment.tsx'
import { Page } from '../../../../components/page.tsx'
import { ProblemPage } from '../../../../components/problem-page.tsx'
import { Section } from '../../../../components/section.tsx'
import { ToneLabel } from '../../../../components/tone-label.tsx'
import { paths } from '../../../../paths.ts'
import { askApi } from '../../../../server/ask-api.ts'
import { barWords } from '../../../../words/bar-words.ts'

type Params = { params: Promise<{ app: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `How releases of ${decodeURIComponent((await params).app)} go` }
}

export default async function SuccessPage({ params }: Params) {
  const { app } = await params
  const answer = await askApi(contract.showSuccess, { params: { app } })
  if (answer.is === 'problem') return answer.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={answer.problem} />
  const { releases, since, metrics, dora } = answer.value
  const name = decodeURIComponent(app)
  return (
    <Page trail={[{ label: name, href: paths.app(name) }]} here="How releases go">
      <h1 className="text-2xl font-semibold tracking-tight">How releases of {name} go</h1>
      <p className="mt-1 mb-6 text-ink-soft">{since === null ? 'None has ended yet.' : <>Over {releases === 1 ? 'one release or rollback' : `${releases} releases and rollbacks`} since <Moment at={since} now={Date.now()} />.</>}</p>
      <div className="space-y-6">
        <Section title="To deploy without looking"><MeasureList measures={metrics} /></Section>
        <Section title="DORA" note="what is inferred says so"><MeasureList measures={dora} /></Section>
      </div>
    </Page>
  )
}

function MeasureList({ measures }: { measures: readonly Measure[] }) {
  return (
    <dl className="divide-y divide-line">
      {measures.map(({ id, title, value, bar, holds, how, inferred }) => (
        <div key={id} className="grid gap-x-6 gap-y-1 px-4 py-3 sm:grid-cols-[13rem_minmax(0,1fr)_auto]">
          <dt className="font-medium">{title}{bar !== undefined && <span className="block text-[0.8125rem] font-normal text-ink-soft">{bar}</span>}</dt>
          <dd className="min-w-0">
            <p className="tnum break-words">{value}</p>
            <p className="mt-0.5 text-[0.8125rem] text-ink-soft">{inferred === true && <span className="font-medium">Inferred. </span>}{how}</p>
          </dd>
          {holds !== undefined && <dd><ToneLabel words={barWords[holds]} /></dd>}
        </div>
      ))}
    </dl>
  )
}
