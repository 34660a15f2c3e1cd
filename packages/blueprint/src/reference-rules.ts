import { checkCycles } from './reference-cycles.ts'
import { checkServiceReference, respelling } from './service-reference.ts'
import type { Inventory, ResourceEntry } from './inventory.ts'
import { nearest } from './nearest.ts'
import type { Report } from './report.ts'
import { formOf } from './service-shape.ts'
import { itemsOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

/** References lead to something that is there, and that can be asked for what they want. */
export function checkReferences(inventory: Inventory, report: Report): void {
  for (const service of inventory.services) {
    for (const entry of itemsOf(service.node, 'envVars')) checkEntry({ entry, holder: service }, inventory, report)
  }
  for (const source of inventory.buildSources) {
    for (const entry of itemsOf(valueOf(source.node, 'git'), 'envVars')) checkEntry({ entry, holder: source }, inventory, report)
  }
  checkCycles(inventory, report)
}

interface Held {
  readonly entry: YamlNode
  readonly holder: ResourceEntry
}

function checkEntry({ entry, holder }: Held, inventory: Inventory, report: Report): void {
  const toService = valueOf(entry, 'fromService')
  if (toService?.is === 'map') {
    const target = checkServiceReference(toService, inventory, report)
    if (target !== undefined) checkNeighbourhood(toService, { holder, target }, report)
  }
  const toDatabase = valueOf(entry, 'fromDatabase')
  if (toDatabase?.is === 'map') checkDatabaseReference(toDatabase, { holder, inventory }, report)
  const link = valueOf(entry, 'fromGroup')
  const group = textOf(entry, 'fromGroup')
  if (link === undefined || group === undefined) return
  const found = inventory.groups.find(({ name }) => name === group)
  if (found === undefined) report.add('dangling-reference', link, `there is no group "${group}"`, suggest(group, inventory.groups, 'list it under envVarGroups:'), respelling(group, inventory.groups))
  else checkEnvironments(link, { holder, target: found }, report)
}

function checkDatabaseReference(node: YamlNode, { holder, inventory }: { holder: ResourceEntry; inventory: Inventory }, report: Report): void {
  const wanted = textOf(node, 'name')
  if (wanted === undefined) return
  const target = inventory.databases.find((one) => one.name === wanted || replicasOf(one).includes(wanted))
  if (target !== undefined) {
    checkNeighbourhood(node, { holder, target }, report)
    return
  }
  const service = inventory.services.find(({ name }) => name === wanted)
  const hint = service === undefined ? suggest(wanted, inventory.databases, 'list it under databases:') : `"${wanted}" is a service (type: ${service.type}): write fromService`
  report.add('dangling-reference', valueOf(node, 'name') ?? node, `there is no database "${wanted}"`, hint, service === undefined ? respelling(wanted, inventory.databases) : undefined)
}

function replicasOf({ node }: ResourceEntry): string[] {
  return itemsOf(node, 'readReplicas').flatMap((replica) => textOf(replica, 'name') ?? [])
}

function suggest(wanted: string, all: readonly ResourceEntry[], otherwise: string): string {
  const near = nearest(wanted, all.flatMap(({ name }) => name ?? []))
  return near === undefined ? otherwise : `did you mean "${near}"?`
}

interface Wire {
  readonly holder: ResourceEntry
  readonly target: ResourceEntry
}

function checkNeighbourhood(place: YamlNode, { holder, target }: Wire, report: Report): void {
  checkEnvironments(place, { holder, target }, report)
  const [here, there] = [regionOf(holder), regionOf(target)]
  if (here === undefined || there === undefined || here === there || valueOf(place, 'envVarKey') !== undefined) return
  const message = `"${target.name}" is in ${there} and "${holder.name}" in ${here}; the private network does not cross regions`
  report.add('region-split', place, message, `put both in one region; without a region it is ${defaultRegion}`)
}

const defaultRegion = 'oregon'

/** Undefined for static sites and build sources, which are in no region. */
function regionOf({ node }: ResourceEntry): string | undefined {
  if (formOf(node) === 'T' || valueOf(node, 'git') !== undefined) return undefined
  return textOf(node, 'region') ?? defaultRegion
}

function checkEnvironments(place: YamlNode, { holder, target }: Wire, report: Report): void {
  const [here, there] = [holder.environment, target.environment]
  if (here === undefined || there === undefined || here.node === there.node) return
  const message = `"${target.name}" is in the environment "${there.name}", and this is in "${here.name}"`
  report.add('cross-environment', place, message, 'list what belongs together in one environment, or the shared part at the root')
}
