import { PlimsollError } from '@plimsoll/model'
import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { addressText, type EngineAddress } from './engine-address.ts'

/** Docker Engine 20.10, of December 2020. */
export const oldestVersion = '1.41'
/** Docker Engine 28.5. A newer engine is spoken to in this version, which it understands. */
export const newestVersion = '1.51'

/** The version of the API that both sides speak: the engine's own, up to the newest one that was tried. */
export async function agreeOnVersion(address: EngineAddress, ping: (path: string) => Promise<IncomingMessage>): Promise<string> {
  const response = await ping('/_ping')
  // Read to its end, so that its connection is free for what comes next.
  await buffer(response)
  const offered = response.headers['api-version']
  if (typeof offered !== 'string' || !/^\d+\.\d+$/.test(offered)) {
    throw new PlimsollError('ENGINE_DOWN', `What answers at ${addressText(address)} is no Docker engine (status ${response.statusCode})`, { hint: 'Name one by DOCKER_HOST' })
  }
  if (compareVersions(offered, oldestVersion) < 0) {
    throw new PlimsollError('ENGINE_TOO_OLD', `The Docker engine at ${addressText(address)} speaks version ${offered} of its API, and Plimsoll needs ${oldestVersion}`, {
      hint: 'Docker Engine 20.10 is the oldest that will do: docker version',
    })
  }
  return compareVersions(offered, newestVersion) < 0 ? offered : newestVersion
}

/** Negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [[majorA = 0, minorA = 0], [majorB = 0, minorB = 0]] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]]
  return majorA - majorB || minorA - minorB
}
