import type { AddressInfo } from 'node:net'
import { stopEdge } from '@plimsoll/edge'
import type { EdgeContext } from '@plimsoll/engine'
import { fromProblem, type AppName, type ReleaseNumber } from '@plimsoll/model'
import { claimHome } from './claim-home.ts'
import { keepPostgresUp } from '@plimsoll/store'
import { compose } from './compose.ts'
import type { Config } from './config.ts'
import { announce, settleToken, withdraw } from './endpoint.ts'
import { buildApi } from './http/build-api.ts'
import { createHookKeeper } from './hooks/keep-hooks.ts'
import { keepConsole } from './keep-console.ts'
import { createCronKeeper, type CronKeeper } from './keep-crons.ts'
import { keepEdge } from './keep-edge.ts'
import { keepWarm } from './keep-warm.ts'
import { createOutboxKeeper } from './notify/keep-outbox.ts'
import { createReleaseRunner, type ReleaseRunner } from './release-runner.ts'
import type { Services } from './services.ts'
import { keepTidy, tidy } from './tidy.ts'
import type { Painter } from './traffic/painter.ts'
import { traceRelease } from './tracing/trace-release.ts'
import { sweepVerifications } from './verify/sweep-verifications.ts'
import { createReleaseWatcher, type ReleaseWatcher } from './watch/release-watcher.ts'

/** Runs the API of a home until it is told to stop, by SIGTERM, SIGINT or a request; returns at once when another process has that home. Throws when it cannot start. */
export async function runApi(config: Config, version: string): Promise<void> {
  if (!(await claimHome(config.home))) {
    process.send?.({ taken: true })
    return
  }
  const life = new AbortController()
  const stopped = Promise.withResolvers<{ readonly all: boolean }>()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopped.resolve({ all: false }))

  const token = await settleToken(config.home, config.apiToken)
  const report = (error: unknown): void => void process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  const { services, verifier, painter, supervise, close, postgres, stopResources } = await compose(config, { version, report }, life.signal)
  const runner = createReleaseRunner(services, {
    onBegun: (app) => painter.refresh(app).catch(report),
    onSettled: (app, number) => Promise.all([traceRelease(services, app, number), watcher.refresh(app), painter.refresh(app), crons.refresh(app), tidy(services, life.signal)]).catch(report),
  })
  const watcher = createReleaseWatcher({ services, runner, report })
  const contextFor = async (app: AppName, number: ReleaseNumber, signal: AbortSignal): Promise<EdgeContext> => runner.contextOf(app, number, signal)
  const crons = createCronKeeper({ services, contextFor, report, output: () => undefined })
  const hooks = createHookKeeper({ services, runner, verifier }, report)
  const api = buildApi({ services, runner, crons, painter, verifier, hooks, guarding: { token, from: config.apiHost === '127.0.0.1' ? 'this machine' : 'everywhere', provider: config.provider }, logger: { level: 'warn' }, onStop: (options) => stopped.resolve(options) })

  await api.listen({ host: config.apiHost, port: config.apiPort })
  const { port } = api.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const { problem } = await services.store.secrets.status()
  if (problem !== undefined) report(fromProblem(problem))
  await supervise(life.signal)
  await takeUp({ services, runner, crons, watcher, painter, report }, life.signal)
  await announce(config.home, { url, pid: process.pid, version })
  process.send?.({ ready: url })
  if (process.connected) process.disconnect()

  const databaseUp = new AbortController()
  const background = [
    postgres === undefined ? undefined : keepPostgresUp({ home: config.home }, (event) => {
      report(`database: ${JSON.stringify(event)}`)
      runner.noteDatabase(event.is === 'failed' ? event.problem : undefined)
      // A release that lost its lease with the database goes on from its journal.
      if (event.is === 'up') void runner.resumeAll(life.signal).catch(report)
    }, databaseUp.signal),
    keepEdge({ edge: { home: config.home, port: config.edgePort, haproxy: config.haproxy }, clock: services.clock, report }, life.signal),
    keepTidy(services, report, life.signal),
    createOutboxKeeper(services, report).keep(life.signal),
    hooks.keep(life.signal),
    keepWarm({ services, runner, warmMs: config.warmMs, report }, life.signal),
    config.consoleServer === undefined ? undefined : keepConsole({ home: config.home, server: config.consoleServer, port: config.consolePort, apiUrl: url, url: config.consoleUrl }, life.signal),
  ]
  const { all } = await stopped.promise
  await withdraw(config.home)
  await Promise.all([hooks.close(), watcher.close(), painter.close(), verifier.close()])
  await runner.idle({ interrupt: true })
  await crons.close({ endRuns: all })
  databaseUp.abort()
  life.abort(new Error('Plimsoll is stopping'))
  await Promise.all(background)
  await api.close()
  if (all) await stopResources(AbortSignal.timeout(30_000)).catch(report)
  await close()
  if (!all) return
  await stopEdge({ home: config.home }, AbortSignal.timeout(30_000))
  await postgres?.stop(AbortSignal.timeout(30_000))
}

interface TakingUp {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly crons: CronKeeper
  readonly watcher: ReleaseWatcher
  readonly painter: Painter
  readonly report: (error: unknown) => void
}

/** Goes on with what was under way when Plimsoll ended, but for verifications: those are taken down. */
async function takeUp({ services, runner, crons, watcher, painter, report }: TakingUp, signal: AbortSignal): Promise<void> {
  await sweepVerifications(services, signal).catch(report)
  await runner.resumeAll(signal)
  for (const { name } of await services.store.apps.list()) {
    await crons.adopt(name).catch(report)
    await crons.refresh(name).catch(report)
    await watcher.refresh(name).catch(report)
    await painter.refresh(name).catch(report)
  }
}
