import { createRegistry, type DockerEngine } from '@plimsoll/drivers/docker'
import { createSwarmDriver, type SwarmDriver } from '@plimsoll/drivers/swarm'
import type { RunnableUnit } from '@plimsoll/engine'
import { waitUntil, type DriverUnderTest } from '@plimsoll/engine/contract'
import { appNameSchema, digestSchema, releaseNumberSchema, serviceNameSchema, unitName, type Address } from '@plimsoll/model'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { clearCluster } from './clear-cluster.ts'
import { labClock } from './lab-clock.ts'
import { runOn } from './lab-ground.ts'
import type { SwarmLab } from './raise-swarm-lab.ts'

const never = new AbortController().signal
const app = appNameSchema.parse('shop')
const web = serviceNameSchema.parse('web')

/** A swarm driver over a home of its own, in a lab that others use too. */
export interface SwarmUnderTest extends DriverUnderTest {
  readonly home: string
  readonly driver: SwarmDriver
  another(): SwarmDriver
  readonly keeps: NonNullable<DriverUnderTest['keeps']>
  /** A web service with this start command; without one the image's own command runs. */
  runs(startCommand: string | undefined, options?: RunOptions): RunnableUnit
}

export interface RunOptions {
  readonly instances?: number
  readonly release?: number
  readonly environment?: Readonly<Record<string, string>>
  readonly healthCheckPath?: string
  /** Another image than that of the contract's programs. */
  readonly image?: string
}

/** The label of the machines that may keep data. */
export const dataLabel = 'plimsoll.data'
const disk = { name: 'uploads', mountPath: '/var/data' }

const startCommands = {
  serves: 'node programs.mjs serves',
  'ignores-sigterm': 'node programs.mjs ignoresSigterm',
  // The second command keeps the shell from handing its process over.
  wrapped: '/bin/sh -c "node programs.mjs serves; exit $?"',
  exits: 'node programs.mjs exits',
  prints: 'node programs.mjs prints',
}

/** `image` has the programs of the driver contract, and is in the lab's registry; `asUser` is the same as a user that is not root, for disks. */
export async function makeSwarmUnderTest(lab: SwarmLab, image: string, asUser = image): Promise<SwarmUnderTest> {
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-cluster-home-'))
  const [first, second, third] = lab.nodes
  const registry = createRegistry({ engine: third.engine, machine: {}, clock: labClock, keptLogin: async () => undefined, learn: () => undefined })
  const drivers: SwarmDriver[] = []
  const another = () => {
    const builder = { build: async () => Promise.reject(new Error('nothing is built here')) }
    const driver = createSwarmDriver({ home, managers: [first.engine, second.engine, third.engine], workshop: third.engine, doorImage: image, dataLabel, builder, registry, clock: labClock })
    drivers.push(driver)
    return driver
  }
  const driver = another()
  const place = (await readFile(join(home, 'place-id'), 'utf8')).trim()
  const runs = (startCommand: string | undefined, options: RunOptions = {}): RunnableUnit => unitOf({ image, startCommand, ...options })
  const ask = (address: Address) => answerAt(driver, address)
  return {
    app, home, driver, clock: labClock, another, runs, ask,
    unit: (program, options) => runs(startCommands[program], options),
    keeps: {
      path: disk.mountPath,
      unit(release) {
        const unit = runs('node programs.mjs keeps', { release, image: asUser, environment: { DISK: disk.mountPath, LEFT: `release ${release}` } })
        return { ...unit, spec: { ...unit.spec, disk } }
      },
    },
    commands: {
      prints: 'echo one; echo two',
      fails: 'echo no luck; exit 7',
      differs: 'cat /proc/sys/kernel/random/uuid',
      hangs: 'node programs.mjs hangs & echo waiting; wait',
    },
    ready: async ({ address }) => {
      await waitUntil('it answers', async () => address !== undefined && (await ask(address)) !== undefined, { clock: labClock, withinMs: 60_000 })
    },
    async crash({ pid }) {
      for (const node of lab.nodes) {
        const pids = await Promise.all((await containersOn(node.engine, place)).map((id) => pidOf(node.engine, id)))
        if (pid !== undefined && pids.includes(pid)) return void runOn(node, '/bin/sh', '-c', `kill -9 ${pid}`)
      }
    },
    processes: async () => (await Promise.all(lab.nodes.map(({ engine }) => containersOn(engine, place)))).flat().length,
    ownProcesses: async () => 0,
    async dispose() {
      await Promise.all(drivers.map((each) => each.close()))
      await clearCluster(lab, place)
      await rm(home, { recursive: true, force: true })
    },
  }
}

function unitOf({ image, startCommand, instances = 1, release = 1, environment = {}, healthCheckPath }: RunOptions & { readonly image: string; readonly startCommand: string | undefined }): RunnableUnit {
  const number = releaseNumberSchema.parse(release)
  // That of the image, on whichever engine, is not needed: it is found by its name in the registry.
  const digest = digestSchema.parse(`sha256:${'0'.repeat(64)}`)
  return {
    app, environment,
    unit: { name: unitName(app, web, number), service: web, release: number },
    spec: { service: web, kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 10_000, instances, reaches: [], ...(startCommand !== undefined && { startCommand }), ...(healthCheckPath !== undefined && { healthCheckPath }) },
    artifact: { service: web, digest, inputs: digest, files: '/nowhere', sizeBytes: 0, fileCount: 0, layout: 'traced', assets: [], publicValues: {}, builtAt: '2026-01-01T00:00:00.000Z', fresh: true, buildMs: 0, image },
  }
}

/** What answers there, asked from beside the units; undefined when nothing does. */
async function answerAt(driver: SwarmDriver, address: Address): Promise<string | undefined> {
  const connection = await driver.dial(app, address, AbortSignal.timeout(20_000)).catch(() => undefined)
  if (connection === undefined) return undefined
  return new Promise((resolve) => {
    const asked = request({ host: address.host, port: address.port, createConnection: () => connection, headers: { connection: 'close' } }, (response) => {
      text(response).then((body) => resolve(body.trim()), () => resolve(undefined))
    })
    asked.once('error', () => resolve(undefined)).end()
  })
}

/** Ids of the running containers of units of a place, asked of the engine itself. */
async function containersOn(engine: DockerEngine, place: string): Promise<readonly string[]> {
  const filters = { label: [`plimsoll.place=${place}`, 'plimsoll.role'], status: ['running'] }
  const { body } = await engine.call({ path: '/containers/json', query: { filters }, to: 'list the containers of a test' }, never)
  return (JSON.parse(body) as { Id: string }[]).map(({ Id }) => Id)
}

async function pidOf(engine: DockerEngine, id: string): Promise<number> {
  const { status, body } = await engine.call({ path: `/containers/${id}/json`, to: 'look at a container', also: [404] }, never)
  return status === 404 ? 0 : (JSON.parse(body) as { State: { Pid: number } }).State.Pid
}
