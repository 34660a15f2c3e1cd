import { ownerOfCopy, slugOf, type Address, type AppName, type Unit } from '@plimsoll/model'
import { createHash } from 'node:crypto'
import { innerHost, type ResourceMarks } from '../container/place-labels.ts'
import type { Place } from '../process/place.ts'
import { containerPort } from '../container/container-environment.ts'

/** Labels of domain names, and with them names of services and networks of a cluster, end here; host names of Linux do one later. */
const longest = 63

/** `storefront-api-r42-4f1c9a`: a unit's name alone is not unique in a cluster, because `a-b` + `c` and `a` + `b-c` make the same one. */
export function serviceName(place: Place, app: AppName, unit: Unit): string {
  return withMark(unit.name, [place.id, app, unit.service, 'instance'])
}

/** Of what runs one command of the unit. */
export function execName(place: Place, app: AppName, unit: Unit): string {
  return withMark(`${unit.name}-exec`, [place.id, app, unit.service, 'exec'])
}

/** The network by which the units of an app reach each other, on whichever machines they are. The copies of one verification have one together, with their servers of databases. */
export function clusterNetwork(place: Place, app: AppName): string {
  const owner = ownerOfCopy(app) ?? app
  return withMark(`plimsoll-${owner}`, [place.id, owner])
}

/** Of a database or a key-value service, and of its volume. */
export function clusterResourceName(place: Place, { app, kind, name }: ResourceMarks): string {
  return withMark(`${app}-${slugOf(name)}`, [place.id, app, kind, name])
}

/** The network by which edges reach what they send requests to, of every app. */
export function edgeNetwork(place: Place): string {
  return withMark('plimsoll-edges', [place.id, 'edges'])
}

/** Of the edges, one on each machine that is to have one. */
export function edgeName(place: Place): string {
  return withMark('plimsoll-edge', [place.id, 'edge'])
}

/** Follows from what it holds: an equal one is the same one. */
export function contentName(kind: string, parts: readonly string[]): string {
  return `plimsoll-${kind}-${hashOf(parts).slice(0, 32)}`
}

/** Where the instance with this number, from 0, is reached in its app's network: the same wherever the cluster runs it, and whenever it is replaced. */
export function instanceAddress(app: AppName, unit: Unit, index: number): Address {
  return { host: instanceHost(app, unit, String(index + 1)), port: containerPort }
}

/** `slot` counts from 1, as clusters do; or it is what a cluster replaces by that. */
export function instanceHost(app: AppName, unit: Unit, slot: string): string {
  const inner = innerHost(app, unit)
  // Room for four digits and a dot.
  return inner.length + 5 <= longest ? `${slot}.${inner}` : `${slot}.u${hashOf([app, inner]).slice(0, 16)}.internal`
}

function withMark(name: string, parts: readonly string[]): string {
  const mark = hashOf(parts).slice(0, 6)
  return `${name.slice(0, longest - mark.length - 1).replace(/-+$/, '')}-${mark}`
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
