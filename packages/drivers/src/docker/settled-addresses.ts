import type { Clock } from '@plimsoll/engine'
import { PlimsollError, type Address, type AppName, type Unit } from '@plimsoll/model'
import { lookup } from 'node:dns/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readRecord, writeRecord } from '../process/durable-file.ts'
import type { Place } from '../process/place.ts'
import { openPortBook, type PortRange } from '../process/ports.ts'
import { bridgeHere } from './bridge-here.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'

const reachSchema = z.object({ host: z.string() })

const loopback = '127.0.0.1'
const askMs = 30_000

export type SettledAddresses = (app: AppName, unit: Unit, count: number) => Promise<readonly Address[]>

/** Where the engine publishes the ports of instances: settled when first asked for, and kept. */
export function settleAddresses({ engine, place, clock, range }: { readonly engine: DockerEngine; readonly place: Place; readonly clock: Clock; readonly range: PortRange }): SettledAddresses {
  const ports = openPortBook({ place, clock, range })
  const settledHost = settleHost({ engine, place })
  return async (app, unit, count) => {
    const host = await settledHost()
    return (await ports.addresses(`docker/${app}/${unit.name}`, count)).map(({ port }) => ({ host, port }))
  }
}

/** The address at which the engine publishes: settled when first asked for, and kept. */
export function settleHost({ engine, place }: { readonly engine: DockerEngine; readonly place: Place }): () => Promise<string> {
  const file = join(place.home, 'docker-reach.json')
  let host: string | undefined
  return async () => {
    host ??= (await readRecord(file, reachSchema))?.host
    if (host === undefined) {
      host = await hostOf(engine)
      await writeRecord(file, { host })
    }
    return host
  }
}

/** Of an engine on another machine it is the address by which that is reached: its network has to keep strangers away. */
async function hostOf(engine: DockerEngine): Promise<string> {
  const { address } = engine
  if (address.via === 'socket') return (await bridgeHere(engine, AbortSignal.timeout(askMs))) ?? loopback
  try {
    return (await lookup(address.host, { family: 4 })).address
  } catch (cause) {
    throw new PlimsollError('ENGINE_DOWN', `The machine of the Docker engine, ${address.host}, has no address that is known here`, {
      hint: 'Containers are reached there directly: give DOCKER_HOST a name that resolves, or an address', cause,
    })
  }
}
