import { randomUUID } from 'node:crypto'
import type { Edge } from '@plimsoll/engine'
import { type Address, PlimsollError } from '@plimsoll/model'
import type { FleetKeys } from '../fleet/fleet-keys.ts'
import { memberProtocol } from './member-protocol.ts'
import { listenForController } from './member-server.ts'
import { Sight } from './sight.ts'
import type { Vigil } from './vigil.ts'
import { MemberTable, type MemberTableParts } from './member-table.ts'

/** Where an edge waits for its controller, and by which keys the two know each other. */
export interface FleetPlace {
  readonly host: string
  readonly port: number
  readonly keys: FleetKeys
  /** Where names are looked up, when that may end before the edge does; see {@link Sight}. */
  readonly resolver?: Address | undefined
}

export interface Steering {
  /** What the control socket on this machine offers: it tells, and changes nothing. */
  readonly edge: Edge
  /** Resolves when nothing is being changed any more. */
  end(): Promise<void>
}

export interface SteeringOptions {
  readonly log?: (line: string) => void
  readonly version?: string
  /** Called when users are better off with another edge, which is there: this one cannot look names up any more. */
  readonly giveWay: () => void
}

/** Lets a controller on another machine steer this edge, together with others, until `end`. */
export async function beSteered(parts: Omit<MemberTableParts, 'log'> & { readonly edge: Edge; readonly vigil: Vigil | undefined }, { keys, host, port, resolver }: FleetPlace, { log = () => undefined, version, giveWay }: SteeringOptions): Promise<Steering> {
  const table = new MemberTable({ ...parts, log })
  const life = { protocol: memberProtocol, version, life: randomUUID(), startedAt: new Date().toISOString() }
  const { machines } = parts.state
  const sight = new Sight(resolver)
  sight.onBlind = () => {
    if (machines.hasEdge()) giveWay()
  }
  const word = () => {
    // Whoever cannot find what a table names is left out of switches, as one that is away.
    if (sight.isBlind) throw new PlimsollError('EDGE_DOWN', 'The edge can look no names up: the engine of its machine has ended.')
    return { ...life, waking: parts.vigil?.waking ?? '', generation: parts.keeper.truth().generation, digest: table.digest(), serving: parts.keeper.serves, closedPorts: parts.keeper.serves ? parts.keeper.missingPorts() : [] }
  }
  const server = await listenForController({ keys, edge: parts.edge, table, assets: parts.assets, word, confirm: (waking) => parts.vigil?.confirm(waking), machines: (all) => machines.take(all), log }, { host, port })
  // Whatever lies in them was sent before; the controller makes new ones.
  if (parts.vigil !== undefined) {
    parts.vigil.onWake = () => server.closeAllConnections()
    parts.vigil.surroundings = machines
    machines.onAlone = () => parts.vigil?.onLook()
    machines.onReturn = () => parts.vigil?.doubt()
  }
  log(`waits for its controller on ${host}:${port}`)
  return {
    edge: unchanging(parts.edge),
    async end() {
      sight.end()
      server.close()
      server.closeAllConnections()
      table.drop()
      await parts.keeper.settled()
    },
  }
}

/** Of several edges with one table, none is changed by itself. */
function unchanging(edge: Edge): Edge {
  const refuse = async (): Promise<never> => {
    throw new PlimsollError('USAGE', 'This edge is one of several that have the same table, and is steered by their controller alone.', { hint: 'Ask Plimsoll: plimsoll status' })
  }
  return { ...edge, shift: refuse, pause: refuse, maintain: refuse, remove: refuse, publish: refuse }
}
