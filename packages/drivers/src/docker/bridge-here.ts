import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { hasCode } from '../process/durable-file.ts'
import { canListen } from '../process/ports.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'

const bridgeSchema = z.object({ IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional(), Gateway: z.string().optional() })).nullish() }) })

const infoSchema = z.object({ SecurityOptions: z.array(z.string()).nullish() })

/**
 * This machine's own address on the engine's bridge, unless the engine is in a machine or a network of its own. What is published there is
 * led by the kernel, so that a container that does not listen refuses connections; at 127.0.0.1 a proxy of the engine's takes
 * them first and breaks them off, and nobody can know then whether a request was begun.
 */
export async function bridgeHere(engine: DockerEngine, signal: AbortSignal): Promise<string | undefined> {
  const { status, body } = await engine.call({ path: '/networks/bridge', to: 'look at its own network', also: [404] }, signal)
  if (status === 404 || (await isRootless(engine, signal))) return undefined
  for (const gateway of gatewaysIn(body)) if (isIPv4(gateway) && (await isOurs(gateway))) return gateway
  return undefined
}

/** Its bridge is in a network of its own, and may well have the address of the bridge that another engine has on this machine. */
async function isRootless(engine: DockerEngine, signal: AbortSignal): Promise<boolean> {
  const { SecurityOptions } = await engine.read(infoSchema, { path: '/info', to: 'say what it is' }, signal)
  return (SecurityOptions ?? []).some((option) => option.split(',').includes('name=rootless'))
}

/** An engine that has never been started before makes its bridge with the first address of the subnet, and says so only from the second start on. */
export function gatewaysIn(body: string): string[] {
  const { IPAM } = bridgeSchema.parse(JSON.parse(body))
  return (IPAM.Config ?? []).flatMap(({ Subnet = '', Gateway }) => Gateway ?? Subnet.replace(/0\/\d+$/, '1'))
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
