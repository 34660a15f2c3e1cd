import { isWatching, toProblem, type AppName, type Release, type Watch } from '@plimsoll/model'
import type { ReleaseRunner } from '../release-runner.ts'
import type { Services } from '../services.ts'
import { keepWatch } from './keep-watch.ts'

/** Looks after releases that have gone live, each for its time. */
export interface ReleaseWatcher {
  /** Takes up the release of `app` that is to be watched, if there is one. What is watched already goes on; twice is once. */
  refresh(app: AppName): Promise<void>
  /** Lets go of every watch; the next start of Plimsoll takes them up again. */
  close(): Promise<void>
}

export interface WatcherParts {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly report: (error: unknown) => void
}

export function createReleaseWatcher({ services, runner, report }: WatcherParts): ReleaseWatcher {
  const leaving = new AbortController()
  const watches = new Map<string, Promise<void>>()

  /** Whoever waits for the end of the watch is told that there will be none. */
  async function giveUp({ app, number }: Release, watch: Watch, error: unknown): Promise<void> {
    report(error)
    await services.store.releases.noteWatch({ app, number }, { watch: { ...watch, state: 'ended', problem: toProblem(error) } }).catch(report)
  }

  return {
    async refresh(app) {
      const { releases } = await services.store.releases.list(app, { limit: 20 })
      const release = releases.find(({ watch }) => isWatching(watch))
      const key = `${app}/${release?.number}`
      if (release?.watch === undefined || leaving.signal.aborted || watches.has(key)) return
      const { watch } = release
      const watching = keepWatch({ services, runner, release, watch }, leaving.signal)
        .catch((error: unknown) => (leaving.signal.aborted ? undefined : giveUp(release, watch, error)))
        .finally(() => watches.delete(key))
      watches.set(key, watching)
    },
    async close() {
      leaving.abort(new Error('Plimsoll is stopping'))
      await Promise.all(watches.values())
    },
  }
}
