import { contract } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Command } from '../../../../components/command.tsx'
import { GivenValueList } from '../../../../components/given-value-list.tsx'
import { Mark } from '../../../../components/mark.tsx'
import { Page } from '../../../../components/page.tsx'
import { ProblemPage } from '../../../../components/problem-page.tsx'
import { Section } from '../../../../components/section.tsx'
import { UnusedValueList } from '../../../../components/unused-value-list.tsx'
import { VariableList } from '../../../../components/variable-list.tsx'
import { paths } from '../../../../paths.ts'
import { askApi } from '../../../../server/ask-api.ts'
import { looksAs } from '../../../../server/who-looks.ts'
import { kindWords } from '../../../../words/service-health.ts'

type Params = { params: Promise<{ app: string }> }

export async function generateMetadata({ params }: Params): Promise<Metadata> {
  return { title: `Environment of ${decodeURIComponent((await params).app)}` }
}

export default async function EnvironmentPage({ params }: Params) {
  const { app } = await params
  const answer = await askApi(contract.showEnvironment, { params: { app } })
  if (answer.is === 'problem') return answer.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={answer.problem} />
  const { app: name, release, file, services, given, unused, command } = answer.value
  const mayChange = await looksAs('admin', name)
  return (
    <Page trail={[{ label: name, href: paths.app(name) }]} here="Environment">
      <h1 className="text-2xl font-semibold tracking-tight">Environment of {name}</h1>
      <p className="mt-1 mb-6 text-ink-soft">As <span className="font-mono text-[0.875rem]">{file}</span> of release {release} asks for it: names, and where each value comes from. No value is ever shown.</p>
      <div className="space-y-6">
        {command !== undefined && <Missing names={given.filter(({ isSet }) => !isSet).map(({ keptAs }) => keptAs)} command={command} />}
        {given.length > 0 && <Section title="Set by a person" note="they hold from the next release on"><GivenValueList app={name} given={given} mayChange={mayChange} /></Section>}
        {unused.length > 0 && <Section title="Kept, and asked for by nothing"><UnusedValueList app={name} keys={unused} mayChange={mayChange} /></Section>}
        {services.map(({ service, kind, variables }) => (
          <Section key={service} title={service} note={kind === 'workflow' ? kind : kindWords[kind]}>
            {variables.length === 0 ? <p className="px-4 py-3 text-ink-soft">It is given nothing.</p> : <VariableList variables={variables} />}
          </Section>
        ))}
      </div>
    </Page>
  )
}

function Missing({ names, command }: { names: readonly string[]; command: string }) {
  return (
    <section aria-label="What is missing" className="rounded-sm border border-bad/50 bg-bad-wash px-4 py-3">
      <p className="flex items-center gap-2 font-semibold text-bad"><Mark tone="bad" />{names.length === 1 ? 'A value is missing' : `${names.length} values are missing`}: no release goes on without {names.length === 1 ? 'it' : 'them'}.</p>
      <p className="mt-2 break-words">Set {names.length === 1 ? 'it' : 'them'} below, or type</p>
      <p className="mt-2"><Command>{command}</Command></p>
    </section>
  )
}
