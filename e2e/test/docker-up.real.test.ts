import { engineAddress, openDockerEngine, type DockerEngine } from '@plimsoll/drivers/docker'
import { postgresImage, standInImage, whyNoDocker } from '@plimsoll/drivers/stand-in'
import { contract, type AppView } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { judge } from '../src/judge/judge.ts'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import type { SwitchRecord } from '../src/judge/switch-record.ts'
import { standardMix } from '../src/load/mix.ts'
import { pause } from '../src/load/pause.ts'
import { startLoad } from '../src/load/start-load.ts'
import { clearDocker } from '../src/docker/on-docker.ts'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { switchOf } from '../src/plimsoll/switch-of.ts'
import { shopTarget } from '../src/shop/shop-target.ts'

const missing = await whyNoDocker(process.env)
const full = process.env['PLIMSOLL_E2E'] === 'full'
const switches = full ? 10 : 2
const ratePerSecond = full ? 300 : 60
const streamGraceMs = 10_000
const never = new AbortController().signal

const dockerfile = (base: string): string => `FROM ${base}
WORKDIR /app
COPY . .
USER node
CMD ["node", "shop-server.mjs"]
`
/** Answers only where the database of the Blueprint does. */
const migrate = `import { connect } from 'node:net'
const { hostname, port } = new URL(process.env.DATABASE_URL)
const socket = connect({ host: hostname, port }).once('connect', () => socket.destroy()).once('error', (error) => { throw error })
`
const blueprint = `databases:
  - name: records
services:
  - type: web
    name: web
    runtime: docker
    dockerfilePath: ./Dockerfile
    preDeployCommand: node migrate.mjs
    healthCheckPath: /healthz
    maxShutdownDelaySeconds: 10
    envVars:
      - key: DATABASE_URL
        fromDatabase: { name: records, property: connectionString }
`

describe.skipIf(missing !== undefined)(`on Docker${missing === undefined ? '' : ` (${missing})`}`, () => {
  let engine: DockerEngine
  let plimsoll: PlimsollHome
  let repo: FixtureRepo

  beforeEach(async () => {
    engine = openDockerEngine(engineAddress(process.env))
    plimsoll = await createPlimsollHome({ PLIMSOLL_POSTGRES_IMAGE: (await postgresImage(engine, never)).name })
    repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint, files: { Dockerfile: dockerfile((await standInImage(engine, 'slim', never)).name), 'migrate.mjs': migrate } })
  }, 120_000)

  async function command(...args: readonly string[]): Promise<CommandEnd> {
    const end = await plimsoll.run([...args, '--json'], { cwd: repo.directory })
    expect(end.code, `${end.out.slice(-3000)}${end.err}`).toBe(0)
    return end
  }
  const view = async (): Promise<AppView> => (await plimsoll.client()).call(contract.showApp, { params: { app: 'shop' } })

  afterEach(async () => {
    await command('down', '--destroy-data')
    const left = await clearDocker(engine, plimsoll.home, never)
    expect([left, await plimsoll.leave()]).toEqual([[], []])
  }, 60_000)

  test(`an app is released ${switches} times and goes back under ${ratePerSecond} arrivals a second, and nothing is lost, blended or duplicated`, { timeout: 600_000 }, async () => {
    await command('up', '--on', 'docker')
    expect(await view()).toMatchObject({ place: 'docker', live: { number: 1 }, resources: [{ name: 'records' }] })
    // What is written lies in each container by itself: a load of its own would be needed to look for it.
    const target = shopTarget(Number(new URL((await view()).services[0]?.url ?? '').port))
    const load = startLoad({ target, ratePerSecond, seed: 3, mix: { ...standardMix, write: 0 }, longestMs: 900_000 })
    const made: SwitchRecord[] = []
    const note = (end: CommandEnd): void => {
      const one = switchOf(end, made.at(-1)?.after ?? 1)
      if (one === undefined) throw new Error('a change made no switch')
      made.push(one)
    }
    try {
      await pause(1_500)
      for (let at = 0; at < switches; at += 1) {
        await repo.change(at % 2 === 0 ? 'B' : 'A')
        note(await command('release'))
        await pause(500)
      }
      note(await command('rollback'))
      await pause(1_500)
    } finally {
      await load.finish()
    }
    const judgement = judge({ records: (await load.finish()).records, first: 1, switches: made, streamGraceMs })
    const seen = renderJudgement(judgement)
    if (full) console.log(seen)
    expect(judgement.counts, seen).toEqual(Object.fromEntries(Object.keys(judgement.counts).map((kind) => [kind, 0])))
  })
})
