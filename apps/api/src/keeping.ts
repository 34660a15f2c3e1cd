import { ensureEdge } from '@plimsoll/edge'
import type { EdgeContext } from '@plimsoll/engine'
import type { AppName, ReleaseNumber } from '@plimsoll/model'
import { keepPostgresUp } from '@plimsoll/store'
import type { Composition } from './compose.ts'
import type { Config } from './config.ts'
import { keepConsole } from './keep-console.ts'
import { createHookKeeper, type HookKeeper } from './hooks/keep-hooks.ts'
import { createCronKeeper, type CronKeeper } from './keep-crons.ts'
import { keepEdge } from './keep-edge.ts'
import { collectAll, keepLean } from './keep-lean.ts'
import { keepWarm } from './keep-warm.ts'
import { createOutboxKeeper } from './notify/keep-outbox.ts'
import { createReleaseRunner, type ReleaseRunner } from './release-runner.ts'
import { createPreviewKeeper, type PreviewKeeper } from './previews/keep-previews.ts'
import { keepTidy, tidy } from './tidy.ts'
import { traceRelease } from './tracing/trace-release.ts'
import { sweepVerifications } from './verify/sweep-verifications.ts'
import { createReleaseWatcher } from './watch/release-watcher.ts'

export interface KeepingParts {
  readonly config: Config
  readonly composition: Composition
  readonly report: (error: unknown) => void
  /** Which edge is wanted; one that serves as another is replaced by it. The edge of this package unless given. */
  readonly edgeVersion?: string
  /** Whether an edge is wanted by now; always unless given. */
  readonly wantsEdge?: () => Promise<boolean>
}

/** What one Plimsoll of a home does, and no other beside it: it runs releases and crons, keeps watches, and looks after what runs. */
export interface Keeping {
  readonly runner: ReleaseRunner
  readonly crons: CronKeeper
  readonly hooks: HookKeeper
  readonly previews: PreviewKeeper
  /** Twice is once. */
  bringUpEdge(): Promise<void>
  /** Takes up every unit that should run, and goes on with what was under way, but for verifications: those are taken down. */
  takeUp(): Promise<void>
  /** Looks after it all from now on, for whoever reaches this Plimsoll at `url`. */
  lookAfter(url: string): void
  /** Whether no release and no verification is under way. */
  isIdle(): boolean
  /** Ends all that, and releases that are under way with it: they are taken back. What runs runs on, but for runs of crons where they are to end. */
  end(options: { readonly endRuns: boolean }): Promise<void>
}

export function createKeeping({ config, composition, report, edgeVersion, wantsEdge = async () => true }: KeepingParts): Keeping {
  const { services, verifier, painter, supervise, postgres } = composition
  const life = new AbortController()
  const databaseUp = new AbortController()
  const background: Promise<unknown>[] = []
  const runner: ReleaseRunner = createReleaseRunner(services, {
    onBegun: (app) => painter.refresh(app).catch(report),
    onSettled: (app, number) => Promise.all([traceRelease(services, app, number), watcher.refresh(app), painter.refresh(app), crons.refresh(app), previews.refresh(app), tidy(services, life.signal)]).catch(report),
  })
  const watcher = createReleaseWatcher({ services, runner, report })
  const contextFor = async (app: AppName, number: ReleaseNumber, signal: AbortSignal): Promise<EdgeContext> => runner.contextOf(app, number, signal)
  const crons = createCronKeeper({ services, contextFor, report, output: () => undefined })
  const previews = createPreviewKeeper({ services, runner, crons, contextFor, report })
  const hooks = createHookKeeper({ services, runner, verifier, previews }, report)
  const edge = { home: config.home, port: config.edgePort, haproxy: config.haproxy, ...(edgeVersion !== undefined && { version: edgeVersion }) }
  const isIdle = (): boolean => runner.isIdle() && verifier.isIdle()
  const perApp = [(app: AppName) => crons.adopt(app), ...[crons, watcher, painter].map((each) => (app: AppName) => each.refresh(app))]
  const bringUpEdge = async (): Promise<void> => void (await ensureEdge(edge, life.signal))

  return {
    runner, crons, hooks, previews, bringUpEdge, isIdle,
    async takeUp() {
      if (await wantsEdge()) await bringUpEdge()
      await supervise(life.signal)
      await sweepVerifications(services, life.signal).catch(report)
      await runner.resumeAll(life.signal)
      for (const { name } of await services.store.apps.list()) for (const refresh of perApp) await refresh(name).catch(report)
    },
    lookAfter(url) {
      background.push(
        keepEdge({ edge, wanted: wantsEdge, clock: services.clock, report }, life.signal),
        keepTidy(services, report, life.signal),
        createOutboxKeeper(services, report).keep(life.signal),
        hooks.keep(life.signal),
        keepLean({ clock: services.clock, isIdle, collect: collectAll }, life.signal),
        previews.keep(life.signal),
        keepWarm({ services, runner, warmMs: config.warmMs, report }, life.signal),
      )
      if (config.consoleServer !== undefined) background.push(keepConsole({ home: config.home, server: config.consoleServer, port: config.consolePort, apiUrl: url, url: config.consoleUrl }, life.signal))
      if (postgres === undefined) return
      background.push(keepPostgresUp({ home: config.home }, (event) => {
        report(`database: ${JSON.stringify(event)}`)
        runner.noteDatabase(event.is === 'failed' ? event.problem : undefined)
        // A release that lost its lease with the database goes on from its journal.
        if (event.is === 'up') void runner.resumeAll(life.signal).catch(report)
      }, databaseUp.signal))
    },
    async end({ endRuns }) {
      await Promise.all([hooks.close(), previews.close(), watcher.close(), painter.close(), verifier.close()])
      await runner.idle({ interrupt: true })
      await crons.close({ endRuns })
      databaseUp.abort()
      life.abort(new Error('Plimsoll is stopping'))
      await Promise.all(background)
    },
  }
}
