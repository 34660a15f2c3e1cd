import { isPlimsollError, toProblem, type AppName, type StoppedApp } from '@plimsoll/model'
import type { CronKeeper } from '../keep-crons.ts'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { takeDown } from './take-down.ts'

/**
 * Takes every app down, after what is being released was stopped and taken back; says of each what was ended.
 * One that cannot be taken down does not keep the others up: its problem stands in its place. Twice is once.
 */
export async function takeAllDown(
  parts: { readonly services: Services; readonly runner: ReleaseRunner; readonly crons: Pick<CronKeeper, 'end'> },
  { destroyData }: { readonly destroyData: boolean },
  signal: AbortSignal,
): Promise<StoppedApp[]> {
  await parts.runner.idle({ interrupt: true })
  const done: StoppedApp[] = []
  for (const { name } of await parts.services.store.apps.list()) {
    done.push(await takeDown(parts, { app: name, destroyData }, signal).catch((error: unknown) => notTakenDown(name, error)))
  }
  return done
}

function notTakenDown(app: AppName, error: unknown): StoppedApp {
  const nothing = { app, wasLive: false, stopped: 0, dataDestroyed: false }
  // An app whose first release never began has nothing to end.
  return isPlimsollError(error) && error.code === 'NOT_FOUND' ? nothing : { ...nothing, problem: toProblem(error) }
}
