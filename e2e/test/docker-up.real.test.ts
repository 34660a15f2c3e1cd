import { engineAddress, openDockerEngine, type DockerEngine } from '@plimsoll/drivers/docker'
import { bridgeHere, postgresImage, redisImage, standInImage, whyNoDocker } from '@plimsoll/drivers/stand-in'
import { contract, type AppView, type ReleaseDetail } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFaultDoor, type FaultDoor } from '../src/crash/fault-door.ts'
import { openWitness, type Witness } from '../src/crash/open-witness.ts'
import { switchesIn } from '../src/crash/switches-in.ts'
import { judge } from '../src/judge/judge.ts'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import { auditWrites } from '../src/load/audit-writes.ts'
import { pause } from '../src/load/pause.ts'
import { startLoad } from '../src/load/start-load.ts'
import { clearDocker } from '../src/docker/on-docker.ts'
import { createFixtureRepo, type FixtureRepo } from '../src/plimsoll/fixture-repo.ts'
import { createPlimsollHome, type CommandEnd, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'
import { shopTarget } from '../src/shop/shop-target.ts'

const missing = await whyNoDocker(process.env)
const full = process.env['PLIMSOLL_E2E'] === 'full'
const switches = full ? 20 : 2
const ratePerSecond = full ? 300 : 60
const streamGraceMs = 10_000
const never = new AbortController().signal

const dockerfile = (base: string): string => `FROM ${base}
WORKDIR /app
COPY . .
USER node
CMD ["node", "shop-server.mjs"]
`
/** Goes well only where the database and the key-value service of the Blueprint answer. */
const migrate = `import { connect } from 'node:net'
for (const url of [process.env.DATABASE_URL, process.env.CACHE_URL]) {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port }).once('connect', () => socket.destroy()).once('error', (error) => { throw error })
}
`
const blueprintFor = (data: string): string => `databases:
  - name: records
services:
  - type: keyvalue
    name: cache
    ipAllowList: []
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
      - key: CACHE_URL
        fromService: { type: keyvalue, name: cache, property: connectionString }
      - key: SHOP_DATA
        value: ${data}
`

describe.skipIf(missing !== undefined)(`on Docker${missing === undefined ? '' : ` (${missing})`}`, () => {
  let engine: DockerEngine
  let plimsoll: PlimsollHome
  let repo: FixtureRepo
  let witness: Witness
  let beside: string
  let faults: FaultDoor

  beforeEach(async () => {
    engine = openDockerEngine(engineAddress(process.env))
    // What is written lies in no container: who comes after another release counts it too.
    witness = await openWitness((await bridgeHere(engine, never)) ?? '127.0.0.1')
    beside = await mkdtemp(join(tmpdir(), 'pf-'))
    faults = openFaultDoor(join(beside, 'faults'))
    const images = { PLIMSOLL_POSTGRES_IMAGE: (await postgresImage(engine, never)).name, PLIMSOLL_KEYVALUE_IMAGE: (await redisImage(engine, never)).name }
    plimsoll = await createPlimsollHome({ ...images, ...faults.environment })
    repo = await createFixtureRepo({ directory: `${plimsoll.home}/repos/shop`, blueprint: blueprintFor(witness.url), files: { Dockerfile: dockerfile((await standInImage(engine, 'slim', never)).name), 'migrate.mjs': migrate } })
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
    await witness.close()
    await rm(beside, { recursive: true, force: true })
  }, 60_000)

  /** The last of the releases, whose Plimsoll dies right after the switch. */
  async function releaseThroughCrash(): Promise<void> {
    await faults.arm({ signal: 'SIGKILL', point: 'edge.shift after', pass: 1, afterMs: 0 })
    const release = plimsoll.start(['release', '--json'], { cwd: repo.directory })
    expect(await faults.struck(release.ended)).toBe(true)
    await command('up')
    release.kill('SIGKILL')
    await release.ended
  }

  async function laterReleases(): Promise<ReleaseDetail[]> {
    const client = await plimsoll.client()
    const { releases } = await client.call(contract.listReleases, { params: { app: 'shop' } })
    return Promise.all(releases.filter(({ number }) => number > 1).map(({ number }) => client.call(contract.showRelease, { params: { app: 'shop', release: number } })))
  }

  test(`an app is released ${switches} times, the last time through a crash of Plimsoll, and goes back under ${ratePerSecond} arrivals a second, and nothing is lost, blended or duplicated`, { timeout: 600_000 }, async () => {
    await command('up', '--on', 'docker')
    expect(await view()).toMatchObject({ place: 'docker', live: { number: 1 }, resources: [{ name: 'records' }, { name: 'cache' }] })
    const target = shopTarget(Number(new URL((await view()).services[0]?.url ?? '').port))
    const load = startLoad({ target, ratePerSecond, seed: 3, longestMs: 900_000 })
    try {
      await pause(1_500)
      for (let at = 0; at < switches; at += 1) {
        await repo.change(at % 2 === 0 ? 'B' : 'A')
        await (at === switches - 1 ? releaseThroughCrash() : command('release'))
        await pause(500)
      }
      await command('rollback')
      await pause(1_500)
    } finally {
      await load.finish()
    }
    const details = await laterReleases()
    // One more than the releases: back. That of `up`, after the crash, found nothing to do.
    const outcomes = details.map(({ release }) => release.outcome?.is)
    expect(outcomes.filter((is) => is !== 'unchanged')).toEqual(Array.from({ length: switches + 1 }, () => 'completed'))
    const records = await auditWrites((await load.finish()).records, target)
    const judgement = judge({ records, first: 1, switches: switchesIn(details, 1), streamGraceMs })
    const seen = renderJudgement(judgement)
    if (full) console.log(seen)
    expect(judgement.counts, seen).toEqual(Object.fromEntries(Object.keys(judgement.counts).map((kind) => [kind, 0])))
  })
})
