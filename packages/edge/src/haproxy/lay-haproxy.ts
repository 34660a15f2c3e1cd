import { toProblem } from '@plimsoll/model'
import { createFront, type Front } from '../proxy/front.ts'
import type { Vigil } from '../member/vigil.ts'
import type { SharedSockets } from '../life/shared-sockets.ts'
import { behindHaproxy, type BehindHaproxy } from './behind-haproxy.ts'
import { HaproxyKeeper } from './haproxy-keeper.ts'
import { haproxyPaths } from './haproxy-paths.ts'
import { HaproxyPorts } from './haproxy-ports.ts'
import { HaproxyTerm } from './haproxy-term.ts'
import type { Note } from './read-note.ts'

export interface HaproxyParts extends Omit<Front, 'routeOf' | 'originOf'>, Omit<BehindHaproxy, 'state'> {
  /** HAProxy's executable. */
  readonly binary: string
  /** The edge's own. */
  readonly directory: string
  readonly logFile: string
  readonly sockets: SharedSockets
  /** The addresses that every port is opened on. */
  readonly hosts: readonly string[]
  /** Where the edge is one of several: HAProxy answers by itself while it is sure, and asks the edge otherwise. */
  readonly vigil: Vigil | undefined
}

export interface LaidHaproxy {
  readonly ports: HaproxyPorts
  readonly keeper: HaproxyKeeper
}

/** Puts HAProxy between clients and the edge; it starts with the first port. */
export async function layHaproxy(parts: HaproxyParts): Promise<LaidHaproxy> {
  const { state, directory, assets, limits, sharedPort, trustedFronts, binary, logFile, sockets, hosts, vigil, log } = parts
  const server = createFront({ ...parts, ...behindHaproxy(parts) })
  const keeper = new HaproxyKeeper({ binary, directory, logFile, limits, sharedPort, trustedFronts, hasTerm: vigil !== undefined, log, prefixes: () => assets.prefixes(), reachable: (table) => state.reachable(table), onNote: (note) => take(parts, note) })
  // One that cannot be told is replaced, and then told all of it.
  state.onInstances = () => void keeper.refresh().catch((error: unknown) => log(toProblem(error).message))
  if (vigil !== undefined) {
    const term = new HaproxyTerm({ vigil, keeper, map: haproxyPaths(directory, 0).term, log })
    vigil.onLook = () => term.look()
  }
  return { keeper, ports: await HaproxyPorts.begin({ keeper, server, sockets, path: haproxyPaths(directory, 0).edge, hosts }) }
}

/** A request that HAProxy answered is counted and written down as if the edge had. */
function take({ state, accessLog }: HaproxyParts, note: Note): void {
  const { app, service, release, status, bytes, whole, client, upstream, method, id, path, totalMs } = note
  state.gatesOf(app).find((gate) => gate.release === release && gate.service === service)?.note(note)
  if (accessLog.keeps) accessLog.write({ id, client, method, path, status, ms: totalMs, bytes, whole, app, service, release, upstream })
}
