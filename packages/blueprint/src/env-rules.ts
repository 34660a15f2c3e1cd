import type { Inventory, ResourceEntry } from './inventory.ts'
import { plainValue } from './plain-value.ts'
import type { Report } from './report.ts'
import { flagOf, itemsOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

/** How the entries of a list of variables go together, in services, groups and build sources. */
export function checkVariables(inventory: Inventory, report: Report): void {
  const { services, groups, buildSources } = inventory
  for (const { node } of services) checkLinks(node, groups, report)
  const holders = [...services.map(({ node }) => node), ...buildSources.flatMap(({ node }) => valueOf(node, 'git') ?? [])]
  for (const holder of [...holders, ...groups.map(({ node }) => node)]) {
    checkKeys(holder, report)
    for (const entry of itemsOf(holder, 'envVars')) checkSource(entry, report)
  }
  for (const { node } of groups) checkGroupSync(node, report)
}

function checkKeys(holder: YamlNode, report: Report): void {
  const first = new Map<string, YamlNode>()
  for (const entry of itemsOf(holder, 'envVars')) {
    const key = textOf(entry, 'key')
    if (key === undefined) continue
    const other = first.get(key)
    if (other === undefined) first.set(key, entry)
    else report.add('duplicate-env-key', valueOf(entry, 'key') ?? entry, `${key} is set already, in line ${other.at.line}`, 'remove one of them', saysTheSame(entry, other) ? { do: 'remove', at: entry.path } : undefined)
  }
}

function saysTheSame(one: YamlNode, other: YamlNode): boolean {
  return JSON.stringify(plainValue(one)) === JSON.stringify(plainValue(other))
}

function checkSource(entry: YamlNode, report: Report): void {
  if (entry.is !== 'map' || ['fromService', 'fromDatabase', 'fromGroup'].some((key) => entry.entries.has(key))) return
  const claims = [
    { says: 'a value', node: valueOf(entry, 'value') },
    { says: 'generateValue: true', node: flagOf(entry, 'generateValue') === true ? valueOf(entry, 'generateValue') : undefined },
    { says: 'sync: false', node: flagOf(entry, 'sync') === false ? valueOf(entry, 'sync') : undefined },
  ].flatMap(({ says, node }) => (node === undefined ? [] : [{ says, node }]))
  const [first, second] = claims
  if (first !== undefined && second !== undefined) {
    report.add('env-exclusive', second.node, `${second.says} beside ${first.says}: only one of them can hold`, `keep ${first.says}, or ${second.says}`)
  }
  if (first === undefined && entry.entries.has('key')) {
    report.add('env-without-value', entry, 'says nothing about the value', 'add a value, generateValue: true, or sync: false to set it outside the file')
  }
}

function checkGroupSync(group: YamlNode, report: Report): void {
  for (const entry of itemsOf(group, 'envVars')) {
    const sync = valueOf(entry, 'sync')
    if (sync === undefined || flagOf(entry, 'sync') !== false) continue
    report.add('group-sync-false', sync, 'Render drops sync: false variables of a group without a word', 'move it to the envVars of each service that needs it')
  }
}

/** Overlaps between the groups that one service links, where no entry of the service settles them. */
function checkLinks(service: YamlNode, groups: readonly ResourceEntry[], report: Report): void {
  const own = new Set(keysOf(service))
  const linked = new Set<string>()
  const setBy = new Map<string, string>()
  for (const entry of itemsOf(service, 'envVars')) {
    const name = textOf(entry, 'fromGroup')
    if (name === undefined) continue
    const place = valueOf(entry, 'fromGroup') ?? entry
    if (linked.has(name)) report.add('group-linked-twice', place, `group "${name}" is linked already`, 'remove the line', { do: 'remove', at: entry.path })
    else reportOverlap(place, { name, keys: keysOf(groups.find((group) => group.name === name)?.node), own, setBy }, report)
    linked.add(name)
  }
}

interface Link {
  readonly name: string
  readonly keys: readonly string[]
  readonly own: ReadonlySet<string>
  /** KEY → the group linked last that sets it. */
  readonly setBy: Map<string, string>
}

function reportOverlap(place: YamlNode, { name, keys, own, setBy }: Link, report: Report): void {
  const overlap = keys.filter((key) => setBy.has(key) && !own.has(key))
  if (overlap.length > 0) {
    const others = [...new Set(overlap.map((key) => setBy.get(key)))].map((other) => `"${other}"`).join(', ')
    const message = `group "${name}" and ${others} both set ${overlap.join(', ')}; Plimsoll takes "${name}", which is linked later, and Render the group that was created later`
    report.add('group-overlap', place, message, 'set it in one group, or in the service itself')
  }
  for (const key of keys) setBy.set(key, name)
}

function keysOf(holder: YamlNode | undefined): string[] {
  return itemsOf(holder, 'envVars').flatMap((entry) => textOf(entry, 'key') ?? [])
}
