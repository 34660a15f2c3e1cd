import { contract, type InstanceView } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { InstanceList } from '../../../../components/instance-list.tsx'
import { KeepFresh } from '../../../../components/keep-fresh.tsx'
import { LiveLogs } from '../../../../components/live-logs.tsx'
import { Page } from '../../../../components/page.tsx'
import { ProblemPage } from '../../../../components/problem-page.tsx'
import { ProblemView } from '../../../../components/problem-view.tsx'
import { Section } from '../../../../components/section.tsx'
import { paths } from '../../../../paths.ts'
import { askApi } from '../../../../server/ask-api.ts'
import { memoryText } from '../../../../words/instance-words.ts'

interface Asked {
  params: Promise<{ app: string }>
  searchParams: Promise<{ follow?: string | string[] }>
}

export async function generateMetadata({ params }: Pick<Asked, 'params'>): Promise<Metadata> {
  return { title: `Instances of ${decodeURIComponent((await params).app)}` }
}

export default async function InstancesPage({ params, searchParams }: Asked) {
  const [{ app }, { follow }] = [await params, await searchParams]
  const answer = await askApi(contract.listInstances, { params: { app } })
  if (answer.is === 'problem') return answer.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={answer.problem} />
  const { instances, measured, placeProblem, at } = answer.value
  const name = decodeURIComponent(app)
  const followed = instances.find(({ id }) => id === follow)
  return (
    <Page trail={[{ label: name, href: paths.app(name) }]} here="Instances">
      <KeepFresh everyMs={4000} />
      <h1 className="text-2xl font-semibold tracking-tight">Instances of {name}</h1>
      <p className="mt-1 mb-6 text-ink-soft">{placeProblem === undefined ? inSum(instances, measured) : 'What runs is not known now.'}</p>
      <div className="space-y-6">
        {placeProblem !== undefined && <Section title="Why it is not known"><div className="p-4"><ProblemView problem={placeProblem} /></div></Section>}
        {instances.length > 0 && <Section title="Now" note="processor: of one, over the last moment"><InstanceList app={name} instances={instances} now={Date.parse(at)} followed={followed?.id} /></Section>}
        {followed !== undefined && (
          <div id="log">
            <Section title={`Log of ${followed.unit.service}`} note={followed.id}>
              <div className="p-4"><LiveLogs key={followed.id} url={paths.unitLogs(name, followed.unit)} services={[followed.unit.service]} instance={followed.id} /></div>
            </Section>
          </div>
        )}
      </div>
    </Page>
  )
}

function inSum(instances: readonly InstanceView[], measured: boolean): string {
  if (instances.length === 0) return 'Nothing runs.'
  const running = instances.filter(({ state }) => state === 'running').length
  const memoryBytes = instances.reduce((sum, { needs }) => sum + (needs?.memoryBytes ?? 0), 0)
  return `${running} of ${instances.length} running${measured ? `, ${memoryText({ memoryBytes })} of memory in all` : '; their place does not tell what they need'}.`
}
