import { contract } from '@plimsoll/model'
import { AppPlate } from '../components/app-plate.tsx'
import { KeepFresh } from '../components/keep-fresh.tsx'
import { NothingYet } from '../components/nothing-yet.tsx'
import { Page } from '../components/page.tsx'
import { ProblemPage } from '../components/problem-page.tsx'
import { askApi } from '../server/ask-api.ts'

export default async function Overview() {
  const apps = await askApi(contract.listApps, {})
  if (apps.is === 'problem') return <ProblemPage problem={apps.problem} />
  if (apps.value.length === 0) return <Page><KeepFresh everyMs={4000} /><NothingYet /></Page>
  const now = Date.now()
  return (
    <Page>
      <KeepFresh everyMs={4000} />
      <h1 className="sr-only">Apps</h1>
      <div className="space-y-8">{apps.value.map((app) => <AppPlate key={app.name} app={app} now={now} />)}</div>
    </Page>
  )
}
