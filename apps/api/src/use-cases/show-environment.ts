import { plannedIn } from '@plimsoll/engine'
import { PlimsollError, type AppName, type EnvironmentView, type ReleaseNumber, type Source } from '@plimsoll/model'
import { describeEnvironment } from '../environment/describe-environment.ts'
import { setCommand } from '../environment/set-command.ts'
import type { Services } from '../services.ts'
import { blueprintFor, serverActionsKey } from '../wiring.ts'
import { findApp } from './find-app.ts'

/** So many releases in a row whose Blueprint cannot be read, and nothing is told of older ones. */
const furthest = 20

/** What the services of an app are given and where each value comes from, as its newest readable Blueprint asks for it. Throws `NOT_FOUND` where there was none. */
export async function showEnvironment({ store }: Pick<Services, 'store'>, name: AppName): Promise<EnvironmentView> {
  const app = await findApp({ store }, name)
  const [latest, kept] = await Promise.all([latestBlueprint({ store }, name), store.keptValues.list(name)])
  const told = describeEnvironment(blueprintFor({ ...latest.source, blueprint: app.blueprint }, latest.text), kept.map(({ key }) => key).filter((key) => key !== serverActionsKey))
  const missing = told.given.filter(({ isSet }) => !isSet).map(({ keptAs }) => keptAs)
  return { app: name, release: latest.release, file: app.blueprint, ...told, ...(missing.length > 0 && { command: setCommand(name, missing) }) }
}

async function latestBlueprint({ store }: Pick<Services, 'store'>, app: AppName): Promise<{ readonly release: ReleaseNumber; readonly source: Source; readonly text: string }> {
  const { releases } = await store.releases.list(app, { limit: furthest })
  for (const { number, source } of releases.filter(({ kind }) => kind === 'release')) {
    const planned = plannedIn(await store.journalOf(app, number, 0).read())
    if (planned !== undefined) return { release: number, source, text: planned.blueprint }
  }
  throw new PlimsollError('NOT_FOUND', `No release of ${app} has read its Blueprint yet`, { hint: `Release it: plimsoll release --app ${app}` })
}
