import { allSettled } from '@plimsoll/engine'
import type { Address, AppName } from '@plimsoll/model'
import type { Duplex } from 'node:stream'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { createDoorContainers, doorName, pullMs, removeMs, type DoorContainersOptions } from './door-containers.ts'
import type { DoorLine } from './door-line.ts'
import { isAway } from './is-away.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Ways into the networks of apps for whoever is not in the cluster: addresses of units mean something only there, and only edges hold ports of machines. */
export interface Doors {
  /** A connection to an address of the app's network. Rejects as a connection does that is refused, with the system's code. */
  dial(app: AppName, address: Address, signal: AbortSignal): Promise<Duplex>
  /** Takes the app's door away, if it has one: its network can go then. */
  shut(app: AppName, signal: AbortSignal): Promise<void>
  /** Breaks off every connection; the doors stay. */
  close(): Promise<void>
}

export interface DoorsOptions extends DoorContainersOptions {
  /** A machine of the cluster each; the door is on the first one that answers, and on no other one that does. */
  readonly engines: readonly [DockerEngine, ...DockerEngine[]]
}

/** For a door that has to be made first. */
const openMs = pullMs + 60_000

export function createDoors({ engines, ...made }: DoorsOptions): Doors {
  const containers = createDoorContainers(made)
  const name = (app: AppName): string => doorName(made.place, app)
  /** Where each is, and was not before: by then none is on any other machine that answers. */
  const homes = new Map<string, { readonly engine: DockerEngine; readonly isOnly: Promise<unknown> }>()
  const settleOn = (engine: DockerEngine, app: AppName): void => {
    if (homes.get(name(app))?.engine === engine) return
    const others = engines.filter((other) => other !== engine)
    // Whoever waits for a connection does not wait for it, nor fail by it.
    homes.set(name(app), { engine, isOnly: Promise.allSettled(others.map((other) => containers.remove(other, app, AbortSignal.timeout(removeMs)))) })
  }
  const openLine = async (app: AppName, signal: AbortSignal): Promise<DoorLine> => {
    // What is being removed there may be opened next.
    await homes.get(name(app))?.isOnly
    return onFirst(engines, async (engine) => {
      const line = await containers.line(engine, app, signal)
      settleOn(engine, app)
      return line
    })
  }
  const lines = new Map<string, Promise<DoorLine>>()
  /** One for all who ask, whoever asks first and gives up. */
  const lineTo = async (app: AppName): Promise<DoorLine> => {
    const known = lines.get(name(app))
    if (known !== undefined && (await known.then(({ isOpen }) => isOpen(), () => false))) return known
    if (lines.get(name(app)) !== known) return lineTo(app)
    const line = within(openMs, (signal) => openLine(app, signal))
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
      homes.delete(name(app))
      await allSettled(engines.map((engine) => containers.remove(engine, app, signal)))
    },
  }
}

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
