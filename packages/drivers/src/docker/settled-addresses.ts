import type { Clock } from '@plimsoll/engine'
import { PlimsollError, type Address, type AppName, type Unit } from '@plimsoll/model'
import { lookup } from 'node:dns/promises'
import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import { z } from 'zod'
import { hasCode, readRecord, writeRecord } from '../process/durable-file.ts'
import type { Place } from '../process/place.ts'
import { canListen, openPortBook, type PortRange } from '../process/ports.ts'
import type { DockerEngine } from './engine/docker-engine.ts'

const bridgeSchema = z.object({ IPAM: z.object({ Config: z.array(z.object({ Gateway: z.string().optional() })).nullish() }) })
const reachSchema = z.object({ host: z.string() })

const loopback = '127.0.0.1'
const askMs = 30_000

export type SettledAddresses = (app: AppName, unit: Unit, count: number) => Promise<readonly Address[]>

/** Where the engine publishes the ports of instances: settled when first asked for, and kept. */
export function settleAddresses({ engine, place, clock, range }: { readonly engine: DockerEngine; readonly place: Place; readonly clock: Clock; readonly range: PortRange }): SettledAddresses {
  const ports = openPortBook({ place, clock, range })
  const file = join(place.home, 'docker-reach.json')
  let host: string | undefined
  return async (app, unit, count) => {
    host ??= (await readRecord(file, reachSchema))?.host
    if (host === undefined) {
      host = await hostOf(engine)
      await writeRecord(file, { host })
    }
    const at = host
    return (await ports.addresses(`docker/${app}/${unit.name}`, count)).map(({ port }) => ({ host: at, port }))
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

/**
 * This machine's own address on the engine's bridge, unless the engine is in a machine of its own. What is published there is
 * led by the kernel, so that a container that does not listen refuses connections; at 127.0.0.1 a proxy of the engine's takes
 * them first and breaks them off, and nobody can know then whether a request was begun.
 */
async function bridgeHere(engine: DockerEngine, signal: AbortSignal): Promise<string | undefined> {
  const { status, body } = await engine.call({ path: '/networks/bridge', to: 'look at its own network', also: [404] }, signal)
  if (status === 404) return undefined
  const gateways = (bridgeSchema.parse(JSON.parse(body)).IPAM.Config ?? []).flatMap(({ Gateway }) => Gateway ?? [])
  for (const gateway of gateways) if (isIPv4(gateway) && (await isOurs(gateway))) return gateway
  return undefined
}

/** Only an address of this machine can be listened at. A list of its addresses would leave out a bridge to which nothing is attached. */
async function isOurs(host: string): Promise<boolean> {
  try {
    return await canListen(0, host)
  } catch (error) {
    if (hasCode(error, 'EADDRNOTAVAIL')) return false
    throw error
  }
}
