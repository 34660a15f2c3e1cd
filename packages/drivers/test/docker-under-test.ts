import type { RunnableUnit } from '@plimsoll/engine'
import { waitUntil, type DriverUnderTest } from '@plimsoll/engine/contract'
import type { Address } from '@plimsoll/model'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { createDockerDriver, type DockerDriver } from '../src/docker/docker-driver.ts'
import { openDockerEngine } from '../src/docker-engine/docker-engine.ts'
import { engineAddress } from '../src/docker-engine/engine-address.ts'
import { networkName } from '../src/container/place-labels.ts'
import { openPlace } from '../src/process/place.ts'
import { app, idAt, runs } from './process-under-test.ts'
import { realClock } from './real-clock.ts'
import { programsAsUser, programsOn as programsOnEngine, type MadeImage, type StandIn } from './stand-in/stand-in.ts'

const never = new AbortController().signal

export const engine = openDockerEngine(engineAddress(process.env))

/** A docker driver over a home of its own. */
export interface DockerUnderTest extends DriverUnderTest {
  readonly home: string
  readonly driver: DockerDriver
  another(): DockerDriver
  /** A web service with this start command; without one the image's own command runs. */
  runs(startCommand: string | undefined, options?: { readonly instances?: number; readonly release?: number; readonly environment?: Record<string, string> }): RunnableUnit
}

const startCommands = {
  serves: 'node programs.mjs serves',
  'ignores-sigterm': 'node programs.mjs ignoresSigterm',
  // The second command keeps the shell from handing its process over.
  wrapped: '/bin/sh -c "node programs.mjs serves; exit $?"',
  exits: 'node programs.mjs exits',
  prints: 'node programs.mjs prints',
}
const disk = { name: 'uploads', mountPath: '/var/data' }

/** The contract's programs on a stand-in for a base image. */
export async function programsOn(standIn: StandIn): Promise<MadeImage> {
  return programsOnEngine(engine, standIn, never)
}

export async function makeDockerUnderTest(standIn: StandIn = 'slim'): Promise<DockerUnderTest> {
  const image = await programsOn(standIn)
  const asUser = await programsAsUser(engine, never)
  const home = await mkdtemp(join(tmpdir(), 'plimsoll-docker-'))
  const place = openPlace(home)
  const drivers: DockerDriver[] = []
  const another = () => {
    const builder = { build: async () => Promise.reject(new Error('nothing is built here')) }
    const driver = createDockerDriver({ home, engine, builder, clock: realClock })
    drivers.push(driver)
    return driver
  }
  const runsHere: DockerUnderTest['runs'] = (startCommand, options) => {
    const { spec: { startCommand: _line, ...spec }, ...unit } = runs('', options)
    return { ...unit, spec: { ...spec, ...(startCommand !== undefined && { startCommand }) }, artifact: { ...unit.artifact, image: image.id } }
  }
  let asker: Promise<Asker> | undefined
  return {
    app, home, driver: another(), clock: realClock, another,
    runs: runsHere,
    unit: (program, options) => runsHere(startCommands[program], options),
    keeps: {
      path: disk.mountPath,
      unit(release) {
        const unit = runsHere('node programs.mjs keeps', { release, environment: { DISK: disk.mountPath, LEFT: `release ${release}` } })
        return { ...unit, spec: { ...unit.spec, disk }, artifact: { ...unit.artifact, image: asUser.id } }
      },
    },
    commands: {
      prints: 'echo one; echo two',
      fails: 'echo no luck; exit 7',
      differs: 'cat /proc/sys/kernel/random/uuid',
      hangs: 'node programs.mjs hangs & echo waiting; wait',
    },
    ready: async ({ address }) => {
      await waitUntil('it answers', async () => address !== undefined && (await idAt(address.port, address.host)) !== undefined, { clock: realClock })
    },
    // Whoever asked the engine to do this would have asked it not to start it again.
    crash: async ({ pid }) => void (pid !== undefined && process.kill(pid, 'SIGKILL')),
    ask: async (address) => {
      if (!address.host.endsWith('.internal')) return idAt(address.port, address.host)
      // Where the network is gone, nobody can be beside the units.
      if (asker === undefined && !(await hasNetwork(networkName(place, app)))) return undefined
      asker ??= startAsker(image, networkName(place, app))
      return (await asker).ask(address)
    },
    processes: async () => (await containersOf(place.id, ['running'])).length,
    ownProcesses: async () => 0,
    dispose: async () => {
      await Promise.all(drivers.map((driver) => driver.close()))
      await (await asker)?.remove()
      await removeAll(place.id)
      await rm(home, { recursive: true, force: true })
    },
  }
}

interface Asker {
  ask(address: Address): Promise<string | undefined>
  remove(): Promise<void>
}

const createdSchema = z.object({ Id: z.string() })

async function hasNetwork(name: string): Promise<boolean> {
  return (await engine.call({ path: `/networks/${name}`, to: 'look for the network of a test', also: [404] }, never)).status === 200
}

/** A container beside the units, which asks for us. */
async function startAsker(image: MadeImage, network: string): Promise<Asker> {
  const to = 'run the asker of a test'
  const body = {
    Image: image.id, Entrypoint: ['node', 'programs.mjs', 'asks'], Env: ['PORT=80'], ExposedPorts: { '80/tcp': {} },
    HostConfig: { NetworkMode: network, PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '0' }] } },
  }
  const { Id } = await engine.read(createdSchema, { method: 'POST', path: '/containers/create', body, to }, never)
  await engine.call({ method: 'POST', path: `/containers/${Id}/start`, to }, never)
  const schema = z.object({ NetworkSettings: z.object({ Ports: z.record(z.string(), z.array(z.object({ HostPort: z.coerce.number() }))) }) })
  const { NetworkSettings: { Ports } } = await engine.read(schema, { path: `/containers/${Id}/json`, to }, never)
  const port = Ports['80/tcp']?.[0]?.HostPort ?? 0
  const question = async (host: string, of: number) => {
    const answer = await fetch(`http://127.0.0.1:${port}/?host=${host}&port=${of}`, { headers: { connection: 'close' } }).catch(() => undefined)
    return answer && { status: answer.status, text: (await answer.text()).trim() }
  }
  await waitUntil('the asker answers', async () => (await question('127.0.0.1', 1))?.status === 502, { clock: realClock })
  return {
    ask: async ({ host, port: of }) => {
      const answer = await question(host, of)
      return answer?.status === 200 ? answer.text : undefined
    },
    remove: async () => void (await engine.call({ method: 'DELETE', path: `/containers/${Id}`, query: { force: true }, to }, never)),
  }
}

/** Ids of the containers that carry the label of a place, asked of the engine itself. */
export async function containersOf(place: string, status?: readonly string[]): Promise<readonly string[]> {
  const filters = { label: [`plimsoll.place=${place}`], ...(status && { status }) }
  return (await engine.read(z.array(createdSchema), { path: '/containers/json', query: { all: true, filters }, to: 'list the containers of a test' }, never)).map(({ Id }) => Id)
}

async function removeAll(place: string): Promise<void> {
  const to = 'remove what a test left'
  for (const id of await containersOf(place)) await engine.call({ method: 'DELETE', path: `/containers/${id}`, query: { force: true, v: true }, to, also: [404, 409] }, never)
  const { Volumes } = await engine.read(z.object({ Volumes: z.array(z.object({ Name: z.string() })).nullable() }), { path: '/volumes', query: { filters: { label: [`plimsoll.place=${place}`] } }, to }, never)
  for (const { Name } of Volumes ?? []) await engine.call({ method: 'DELETE', path: `/volumes/${Name}`, to, also: [404] }, never)
  const networks = await engine.read(z.array(createdSchema), { path: '/networks', query: { filters: { label: [`plimsoll.place=${place}`] } }, to }, never)
  for (const { Id } of networks) await engine.call({ method: 'DELETE', path: `/networks/${Id}`, to, also: [404] }, never)
}
