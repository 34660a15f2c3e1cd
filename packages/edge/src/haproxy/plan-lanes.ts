import type { Address, AppName, ReleaseNumber } from '@plimsoll/model'
import type { Table } from '../table/table.ts'
import type { mapNames } from './haproxy-paths.ts'

/** Instances of one service of one release, which HAProxy answers from without asking the edge. */
export interface Lane {
  readonly name: string
  readonly app: AppName
  readonly service: string
  readonly release: ReleaseNumber
  readonly addresses: readonly Address[]
  /** What was under way on it was cut: nothing is sent over it again, and it waits to be cleared. */
  readonly spent?: true
}

/** What HAProxy knows: by the name of a map, its entries. */
export type MapContents = Readonly<Record<(typeof mapNames)[number], ReadonlyMap<string, string>>>

export const noMaps: MapContents = { ports: new Map(), hosts: new Map(), live: new Map(), lanes: new Map(), assets: new Map() }

export interface LanePlan {
  /** Those that are there already and those to be opened. */
  readonly lanes: readonly Lane[]
  readonly opened: readonly Lane[]
  readonly maps: MapContents
}

export interface Prefix {
  readonly app: AppName
  readonly service: string
  readonly urlPrefix: string
}

/**
 * What HAProxy has to know for `table`. An app that is held or has a canary is left to the edge, and so is a service that is
 * closed, is served from files or finds no free lane: what HAProxy is not told goes to the edge.
 */
export function planLanes({ table, held, prefixes, names }: { readonly table: Table; readonly held: readonly Lane[]; readonly prefixes: readonly Prefix[]; readonly names: readonly string[] }): LanePlan {
  const wanted = wantedLanes(table)
  const free = names.filter((name) => !held.some((lane) => lane.name === name))
  const opened: Lane[] = []
  const used: Lane[] = []
  for (const lane of wanted) {
    const kept = held.find((other) => isSameWay(other, lane))
    const name = kept?.name ?? free.shift()
    if (name === undefined) continue
    used.push({ ...lane, name })
    if (kept === undefined) opened.push({ ...lane, name })
  }
  return { lanes: [...held, ...opened], opened, maps: mapsFor(table, used, prefixes) }
}

function wantedLanes({ apps, holds }: Table): Omit<Lane, 'name'>[] {
  const plain = [...apps.values()].filter(({ app, canary }) => canary === undefined && !holds.has(app))
  return plain.flatMap(({ app, live: { release, targets, closed = {} } }) =>
    Object.entries(targets).flatMap(([service, target]) => (target.kind === 'instances' && target.addresses.length > 0 && !(service in closed) ? [{ app, service, release, addresses: target.addresses }] : [])),
  )
}

function isSameWay(one: Lane, other: Omit<Lane, 'name' | 'spent'>): boolean {
  return one.spent === undefined && one.app === other.app && one.service === other.service && one.release === other.release && textOf(one.addresses) === textOf(other.addresses)
}

const textOf = (addresses: readonly Address[]): string => addresses.map(({ host, port }) => `${host} ${port}`).join()

function mapsFor({ ports, hosts }: Table, used: readonly Lane[], prefixes: readonly Prefix[]): MapContents {
  const isQuick = new Set(used.map(({ app, service }) => `${app}/${service}`))
  const route = ({ app, service }: { app: AppName; service: string }): string => `${app}/${service}`
  const quick = <Key>(routes: ReadonlyMap<Key, { app: AppName; service: string }>): Map<string, string> =>
    new Map([...routes].map(([key, to]) => [String(key), route(to)] as const).filter(([, to]) => isQuick.has(to)))
  return {
    ports: quick(ports),
    hosts: quick(hosts),
    assets: new Map(prefixes.map((prefix) => [`${route(prefix)}:${prefix.urlPrefix}`, '1'])),
    lanes: new Map(used.map((lane) => [`${route(lane)}@${lane.release}`, lane.name])),
    // The one entry that a switch is: all services of the app go by it.
    live: new Map(used.map((lane) => [lane.app, String(lane.release)])),
  }
}
