import { type AppName, type Holds, PlimsollError, type Traffic } from '@plimsoll/model'
import { maintenanceOf } from './closed-service.ts'

/** Which Service of which App a request is for. */
export interface Route {
  readonly app: AppName
  readonly service: string
}

/** All that the edge serves, as one value that is replaced whole and never changed. */
export interface Table {
  readonly apps: ReadonlyMap<AppName, Traffic>
  readonly ports: ReadonlyMap<number, Route>
  /** Host names in lower case, without port. */
  readonly hosts: ReadonlyMap<string, Route>
  /** What keeps an app's requests from being served; none for most. */
  readonly holds: ReadonlyMap<AppName, Holds>
}

export const emptyTable: Table = { apps: new Map(), ports: new Map(), hosts: new Map(), holds: new Map() }

/** The table with `traffic` in the place of what its app had. Throws `PORT_TAKEN` or `USAGE` when another app holds one of its ports or hosts. */
export function withTraffic(table: Table, traffic: Traffic): Table {
  return tableOf([...trafficsBut(table, traffic.app), traffic], table.holds)
}

export function withoutApp(table: Table, app: AppName): Table {
  return tableOf(trafficsBut(table, app), withHolds(table, app, {}).holds)
}

/** The table with `holds` in the place of what the app's requests were held by. */
export function withHolds(table: Table, app: AppName, holds: Holds): Table {
  const others = [...table.holds].filter(([name]) => name !== app)
  const isHeld = holds.maintenance !== undefined || holds.pause !== undefined
  return { ...table, holds: new Map(isHeld ? [...others, [app, holds]] : others) }
}

/** What holds requests to a service: what holds its app, and the maintenance that its live release prescribes. Undefined for most. */
export function holdsOn({ apps, holds }: Table, { app, service }: Route): Holds | undefined {
  const held = holds.get(app)
  const closed = apps.get(app)?.live.closed?.[service]
  return closed === undefined || held?.maintenance !== undefined ? held : { ...held, maintenance: maintenanceOf(closed) }
}

function trafficsBut(table: Table, app: AppName): Traffic[] {
  return [...table.apps.values()].filter((traffic) => traffic.app !== app)
}

/** Builds the lookups; every port and every host belongs to one Service only. */
export function tableOf(traffics: readonly Traffic[], holds: Table['holds'] = new Map()): Table {
  const ports = new Map<number, Route>()
  const hosts = new Map<string, Route>()
  for (const { app, entries } of traffics) {
    for (const [service, entry] of Object.entries(entries)) {
      const route = { app, service }
      take(ports, { key: entry.port, name: `Port ${entry.port}` }, route)
      for (const host of entry.hosts) take(hosts, { key: host.toLowerCase(), name: `Host ${host}` }, route)
    }
  }
  return { apps: new Map(traffics.map((traffic) => [traffic.app, traffic])), ports, hosts, holds }
}

function take<Key>(taken: Map<Key, Route>, { key, name }: { key: Key; name: string }, route: Route): void {
  const owner = taken.get(key)
  if (owner !== undefined && owner.app === route.app && owner.service === route.service) return
  if (owner !== undefined) {
    throw new PlimsollError('PORT_TAKEN', `${name} of ${route.app}/${route.service} already belongs to ${owner.app}/${owner.service} on this edge.`, {
      hint: `Give one of the two another port or host, or take the other app down: plimsoll down --app ${owner.app}`,
      details: { owner: `${owner.app}/${owner.service}` },
    })
  }
  taken.set(key, route)
}
