import { contract } from '@plimsoll/model'
import { AppPlate } from '../components/app-plate.tsx'
import { Command } from '../components/command.tsx'
import { KeepFresh } from '../components/keep-fresh.tsx'
import { Page } from '../components/page.tsx'
import { ProblemPage } from '../components/problem-page.tsx'
import { askApi } from '../server/ask-api.ts'

export default async function Overview() {
  const apps = await askApi(contract.listApps, {})
  if (apps.is === 'problem') return <ProblemPage problem={apps.problem} />
  if (apps.value.length === 0) return <NothingYet />
  const now = Date.now()
  return (
    <Page>
      <KeepFresh everyMs={4000} />
      <h1 className="sr-only">Apps</h1>
      <div className="space-y-8">{apps.value.map((app) => <AppPlate key={app.name} app={app} now={now} />)}</div>
    </Page>
  )
}

function NothingYet() {
  return (
    <Page>
      <KeepFresh everyMs={4000} />
      <h1 className="text-2xl font-semibold tracking-tight">Nothing has been released yet</h1>
      <p className="mt-3 text-ink-soft">In a repository that has a <code className="font-mono text-[0.9em]">render.yaml</code>, type</p>
      <p className="mt-3"><Command>plimsoll up</Command></p>
      <p className="mt-3 text-ink-soft">The app shows up here by itself.</p>
    </Page>
  )
}
