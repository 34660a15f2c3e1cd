import type { AddressInfo } from 'node:net'
import { stopEdge } from '@plimsoll/edge'
import { fromProblem } from '@plimsoll/model'
import { runBeside } from './beside/run-beside.ts'
import { claimHome } from './claim-home.ts'
import { compose } from './compose.ts'
import type { Config } from './config.ts'
import { announce, settleToken, withdraw } from './endpoint.ts'
import { layGroundFloor } from './ground-floor.ts'
import { buildApi } from './http/build-api.ts'
import { createKeeping } from './keeping.ts'

/**
 * Runs the API of a home until it is told to stop, by SIGTERM, SIGINT or a request; returns at once when another process has that home. As a unit of a
 * Blueprint it shares the home with others, see {@link runBeside}. Throws when it cannot start.
 */
export async function runApi(config: Config, version: string): Promise<void> {
  const report = (error: unknown): void => void process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  if (config.asUnit !== undefined) return runBeside({ config, unit: config.asUnit, version, report })
  if ((await claimHome(config.home)) === undefined) {
    process.send?.({ taken: true })
    return
  }
  const starting = new AbortController()
  const stopped = Promise.withResolvers<{ readonly all: boolean }>()
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopped.resolve({ all: false }))

  const token = await settleToken(config.home, config.apiToken)
  const ground = await layGroundFloor(config, starting.signal)
  const composition = await compose(config, { ground, version, report })
  const { services, verifier, stopResources } = composition
  const keeping = createKeeping({ config, composition, report })
  const { runner, crons, hooks, previews } = keeping
  const api = buildApi({ services, runner, crons, painter: composition.painter, verifier, hooks, previews, guarding: { token, from: config.apiHost === '127.0.0.1' ? 'this machine' : 'everywhere', provider: config.provider }, logger: { level: 'warn' }, onStop: (options) => stopped.resolve(options) })

  await api.listen({ host: config.apiHost, port: config.apiPort })
  const { port } = api.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const { problem } = await services.store.secrets.status()
  if (problem !== undefined) report(fromProblem(problem))
  await keeping.takeUp()
  await announce(config.home, { url, pid: process.pid, version })
  process.send?.({ ready: url })
  if (process.connected) process.disconnect()
  keeping.lookAfter(url)

  const { all } = await stopped.promise
  await withdraw(config.home)
  await keeping.end({ endRuns: all })
  await api.close()
  if (all) await stopResources(AbortSignal.timeout(30_000)).catch(report)
  await composition.close()
  await ground.close()
  if (!all) return
  await stopEdge({ home: config.home }, AbortSignal.timeout(30_000))
  await ground.postgres?.stop(AbortSignal.timeout(30_000))
}
