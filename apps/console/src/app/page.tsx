import { contract, hasSettled, type AppView } from '@plimsoll/model'
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
  const plates = await Promise.all(apps.value.map(async (app) => <AppPlate key={app.name} app={app} last={await lastEnded(app)} now={now} />))
  return (
    <Page>
      <KeepFresh everyMs={4000} />
      <h1 className="sr-only">Apps</h1>
      <div className="space-y-8">{plates}</div>
    </Page>
  )
}

/** A part that is missing does not take the rest of the page away. */
async function lastEnded({ name }: AppView) {
  const releases = await askApi(contract.listReleases, { params: { app: name }, query: { limit: 100 } })
  return releases.is === 'answer' ? releases.value.releases.find(({ state }) => hasSettled(state)) : undefined
}
