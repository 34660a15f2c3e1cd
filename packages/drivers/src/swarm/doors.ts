import { allSettled } from '@plimsoll/engine'
import { isPlimsollError, type Address, type AppName } from '@plimsoll/model'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { z } from 'zod'
import { dialExec } from '../docker-engine/dial-exec.ts'
import { doorProgram, openDoorLine, type DoorLine } from './door-line.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { appLabels } from '../container/place-labels.ts'
import type { Place } from '../process/place.ts'
import { clusterNetwork } from './cluster-names.ts'

/** Ways into the networks of apps for whoever is not in the cluster: addresses of units mean something only there, and only edges hold ports of machines. */
export interface Doors {
  /** A connection to an address of the app's network. Rejects as a connection does that is refused, with the system's code. */
  dial(app: AppName, address: Address, signal: AbortSignal): Promise<Duplex>
  /** Takes the app's door away, if it has one: its network can go then. */
  shut(app: AppName, signal: AbortSignal): Promise<void>
  /** Breaks off every connection; the doors stay. */
  close(): Promise<void>
}

export interface DoorsOptions {
  /** A machine of the cluster each; the door is on the first one that answers. */
  readonly engines: readonly [DockerEngine, ...DockerEngine[]]
  readonly place: Place
  /** An image with Node: of a registry, by digest, or one that those have. */
  readonly image: string
  /** What a machine has to show at the registry from where it pulls that. */
  readonly login: (app: AppName, signal: AbortSignal) => Promise<Readonly<Record<string, string>>>
}

/** For a machine that pulls the image for the first time. */
const pullMs = 300_000
/** For a door that has to be made first. */
const openMs = pullMs + 60_000

const createdSchema = z.object({ Id: z.string() })

export function createDoors({ engines, place, image, login }: DoorsOptions): Doors {
  const name = (app: AppName): string => `${clusterNetwork(place, app)}-door`
  const open = async (engine: DockerEngine, app: AppName, signal: AbortSignal): Promise<void> => {
    const to = `look into the network of ${app}`
    const path = `/containers/${name(app)}`
    const { status } = await engine.call({ method: 'POST', path: `${path}/start`, to, also: [404] }, signal)
    if (status !== 404) return
    const body = {
      Image: image, Entrypoint: ['node', '-e', 'setInterval(() => undefined, 1 << 30)'], Cmd: [], Labels: appLabels(place, app), Healthcheck: { Test: ['NONE'] }, User: '65534:65534',
      HostConfig: { Init: true, NetworkMode: clusterNetwork(place, app), CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], ReadonlyRootfs: true, LogConfig: { Type: 'none' } },
    }
    // 409: somebody else was faster.
    const make = { method: 'POST', path: '/containers/create', query: { name: name(app) }, body, to } as const
    if ((await engine.call({ ...make, also: [404, 409] }, signal)).status === 404) {
      const [fromImage = '', tag] = image.split('@')
      await engine.call({ method: 'POST', path: '/images/create', query: { fromImage, tag }, headers: await login(app, signal), to, patienceMs: pullMs }, signal)
      await engine.call({ ...make, also: [409] }, signal)
    }
    await engine.call({ method: 'POST', path: `${path}/start`, to }, signal)
  }
  const lineOn = async (engine: DockerEngine, app: AppName, signal: AbortSignal): Promise<DoorLine> => {
    const to = `look into the network of ${app}`
    const body = { Cmd: ['node', '-e', doorProgram], Env: ['NODE_OPTIONS='], AttachStdin: true, AttachStdout: true, AttachStderr: true }
    const request = { method: 'POST', path: `/containers/${name(app)}/exec`, body, to, also: [404, 409] } as const
    let made = await engine.call(request, signal)
    if (made.status >= 400) {
      await open(engine, app, signal)
      made = await engine.call({ ...request, also: [] }, signal)
    }
    return openDoorLine(await dialExec(engine.address, { id: createdSchema.parse(JSON.parse(made.body)).Id, to }, signal))
  }
  const lines = new Map<string, Promise<DoorLine>>()
  /** One for all who ask, whoever asks first and gives up. */
  const lineTo = async (app: AppName): Promise<DoorLine> => {
    const known = lines.get(name(app))
    if (known !== undefined && (await known.then(({ isOpen }) => isOpen(), () => false))) return known
    if (lines.get(name(app)) !== known) return lineTo(app)
    const line = within(openMs, (signal) => onFirst(engines, (engine) => lineOn(engine, app, signal)))
    lines.set(name(app), line)
    return line
  }
  const hangUp = async (key: string): Promise<void> => {
    const line = await lines.get(key)?.catch(() => undefined)
    lines.delete(key)
    line?.close()
  }
  return {
    dial: async (app, address, signal) => (await unlessAborted(lineTo(app), signal)).dial(address, signal),
    close: async () => void (await Promise.all([...lines.keys()].map(hangUp))),
    async shut(app, signal) {
      await hangUp(name(app))
      // An engine that is away takes its door with it when it comes back to a network that is gone.
      await allSettled(engines.map(async (engine) => {
        await engine.call({ method: 'DELETE', path: `/containers/${name(app)}`, query: { force: true, v: true }, to: `leave the network of ${app}`, also: [404, 409], patienceMs: shutMs }, signal).catch((error: unknown) => {
          if (!isAway(error)) throw error
        })
      }))
    },
  }
}

const shutMs = 5_000

/** By a signal that never fires afterwards: a line is broken off by what opened it. */
async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const impatience = new AbortController()
  const timer = setTimeout(() => impatience.abort(new Error(`it took more than ${ms / 1_000} s`)), ms)
  try {
    return await work(impatience.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Whoever gives up waits no longer for what goes on. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const given = new AbortController()
  const gone = once(signal, 'abort', { signal: given.signal }).then((): never => { throw signal.reason })
  try {
    return await Promise.race([work, gone])
  } finally {
    gone.catch(() => undefined)
    given.abort()
  }
}

/** By the first engine that is not away. */
async function onFirst<T>([first, ...others]: readonly [DockerEngine, ...DockerEngine[]], work: (engine: DockerEngine) => Promise<T>): Promise<T> {
  try {
    return await work(first)
  } catch (error) {
    const [next, ...rest] = others
    if (next === undefined || !isAway(error)) throw error
    return onFirst([next, ...rest], work)
  }
}

function isAway(error: unknown): boolean {
  return isPlimsollError(error) && error.code === 'ENGINE_DOWN'
}
