import { serviceProperties, type BlueprintKind, type ServiceProperty } from '@plimsoll/model'
import type { referenceTypes } from './env-fields.ts'
import { injectedKeys } from './injected-variables.ts'
import type { Inventory, ResourceEntry, ServiceEntry } from './inventory.ts'
import { nearest } from './nearest.ts'
import type { Remedy } from './remedy.ts'
import type { Report } from './report.ts'
import { itemsOf, textOf, valueOf, type MapNode, type YamlNode } from './yaml-tree.ts'

interface Asking {
  /** What `fromService.type` may say; the first is the one to write. */
  readonly types: readonly [(typeof referenceTypes)[number], ...(typeof referenceTypes)[number][]]
  readonly properties: readonly ServiceProperty[]
  /** Why it has no other properties. */
  readonly why: string
}

/** What each kind of service can be asked for. */
const asking: Readonly<Record<BlueprintKind, Asking>> = {
  web: { types: ['web'], properties: ['host', 'port', 'hostport', 'slug'], why: 'connectionString belongs to key-value services' },
  pserv: { types: ['pserv'], properties: ['host', 'port', 'hostport', 'slug'], why: 'connectionString belongs to key-value services' },
  worker: { types: ['worker'], properties: ['slug'], why: 'workers have no address' },
  cron: { types: ['cron', 'job'], properties: ['slug'], why: 'cron jobs have no address' },
  static: { types: ['static', 'web'], properties: ['slug'], why: 'static sites are not on the private network: write envVarKey: RENDER_EXTERNAL_URL' },
  workflow: { types: ['workflow'], properties: ['slug'], why: 'workflows have no address' },
  keyvalue: { types: ['keyvalue', 'redis'], properties: ['connectionString', 'host', 'port', 'hostport'], why: 'write connectionString, host or port' },
}

/** Checks one `fromService` and returns the service it names, if that is there. */
export function checkServiceReference(node: MapNode, inventory: Inventory, report: Report): ServiceEntry | undefined {
  checkForm(node, report)
  const wanted = textOf(node, 'name')
  const target = inventory.services.find(({ name }) => name === wanted)
  if (wanted === undefined) return undefined
  if (target === undefined) {
    report.add('dangling-reference', valueOf(node, 'name') ?? node, `there is no service "${wanted}"`, suggest(wanted, inventory), respelling(wanted, inventory.services))
    return undefined
  }
  const kind = kindOfService(target)
  if (kind === undefined) return target
  checkType(node, kind, report)
  checkProperty(node, { target, kind, inventory }, report)
  checkVariable(node, { target, kind, inventory }, report)
  return target
}

interface Target {
  readonly target: ServiceEntry
  readonly kind: BlueprintKind
  readonly inventory: Inventory
}

function kindOfService({ form, type }: ServiceEntry): BlueprintKind | undefined {
  if (form === 'T') return 'static'
  return (Object.keys(asking) as BlueprintKind[]).find((kind) => kind === type)
}

function checkForm(node: MapNode, report: Report): void {
  const property = valueOf(node, 'property')
  const variable = valueOf(node, 'envVarKey')
  if (property !== undefined && variable !== undefined) report.add('reference-form', variable, 'has both property and envVarKey', 'keep one of them')
  if (property === undefined && variable === undefined) {
    report.add('reference-form', node, 'does not say what it wants', `add property: ${serviceProperties[2]}, or envVarKey: RENDER_EXTERNAL_URL`)
  }
}

function suggest(wanted: string, { services, databases }: Inventory): string {
  if (databases.some(({ name }) => name === wanted)) return `"${wanted}" is a database: write fromDatabase`
  const near = nearest(wanted, services.flatMap(({ name }) => name ?? []))
  return near === undefined ? 'list it under services:' : `did you mean "${near}"?`
}

/** The name that a slip of the pen was meant to be. */
export function respelling(wanted: string, all: readonly ResourceEntry[]): Remedy | undefined {
  const near = nearest(wanted, all.flatMap(({ name }) => name ?? []))
  return near === undefined ? undefined : { do: 'write', value: near }
}

function checkType(node: MapNode, kind: BlueprintKind, report: Report): void {
  const type = textOf(node, 'type')
  const { types } = asking[kind]
  if (type === undefined || (types as readonly string[]).includes(type)) return
  report.add('reference-type', valueOf(node, 'type') ?? node, `"${textOf(node, 'name')}" is no ${type}`, `write type: ${types[0]}`, { do: 'write', value: types[0] })
}

function checkProperty(node: MapNode, { target, kind }: Target, report: Report): void {
  const property = textOf(node, 'property')
  const place = valueOf(node, 'property')
  const { properties, why } = asking[kind]
  const known: readonly string[] = serviceProperties
  if (place === undefined || property === undefined || !known.includes(property)) return
  if (!(properties as readonly string[]).includes(property)) {
    report.add('reference-property', place, `"${target.name}" has no ${property}`, why)
    return
  }
  if (target.type === 'web' && textOf(target.node, 'plan') === 'free' && property !== 'slug') {
    report.add('free-private-target', place, `"${target.name}" has the free plan, and Render lets nothing reach it over the private network`, 'give it plan: starter, or use envVarKey: RENDER_EXTERNAL_URL')
  }
}

function checkVariable(node: MapNode, { target, kind, inventory }: Target, report: Report): void {
  const wanted = textOf(node, 'envVarKey')
  const place = valueOf(node, 'envVarKey')
  if (wanted === undefined || place === undefined) return
  if (kind === 'keyvalue') {
    report.add('reference-property', place, `"${target.name}" has no variables`, 'write property: connectionString')
    return
  }
  const declared = declaredKeys(target.node, inventory)
  if (declared === undefined) return
  const all = [...declared, ...injectedKeys({ kind, runtime: target.runtime ?? '' })]
  if (all.includes(wanted)) return
  const near = nearest(wanted, all)
  const hint = wanted === 'RENDER_INSTANCE_ID' ? 'every instance has its own' : near === undefined ? `add ${wanted} to the envVars of "${target.name}"` : `did you mean "${near}"?`
  report.add('dangling-reference', place, `"${target.name}" has no variable ${wanted}`, hint, near === undefined ? undefined : { do: 'write', value: near })
}

/** Undefined when a group is missing: that is said once, where the group is linked. */
function declaredKeys(service: YamlNode, { groups }: Inventory): string[] | undefined {
  const keys: string[] = []
  for (const entry of itemsOf(service, 'envVars')) {
    const link = textOf(entry, 'fromGroup')
    const group = groups.find(({ name }) => name === link)
    if (link !== undefined && group === undefined) return undefined
    keys.push(textOf(entry, 'key') ?? '', ...itemsOf(group?.node, 'envVars').flatMap((inner) => textOf(inner, 'key') ?? []))
  }
  return keys
}
