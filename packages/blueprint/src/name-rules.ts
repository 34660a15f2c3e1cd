import { slugOf } from '@plimsoll/model'
import type { Inventory, ResourceEntry } from './inventory.ts'
import type { Report } from './report.ts'
import { itemsOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

interface Named {
  readonly name: string | undefined
  readonly node: YamlNode
}

/** Names are identities: what is listed twice is one thing described twice. */
export function checkNames(inventory: Inventory, report: Report): void {
  const { services, databases, groups, buildSources, projects } = inventory
  checkUnique('service', services, report)
  checkUnique('database', databases.flatMap(withReplicas), report)
  checkUnique('group', groups, report)
  checkUnique('build source', buildSources, report)
  checkUnique('project', projects.map(named), report)
  for (const project of projects) checkUnique('environment', itemsOf(project, 'environments').map(named), report)
  checkSlugs(services, report)
}

function named(node: YamlNode): Named {
  return { node, name: textOf(node, 'name') }
}

function withReplicas(database: ResourceEntry): Named[] {
  return [database, ...itemsOf(database.node, 'readReplicas').map(named)]
}

function checkUnique(what: string, all: readonly Named[], report: Report): void {
  const first = new Map<string, Named>()
  for (const one of all) {
    if (one.name === undefined) continue
    const other = first.get(one.name)
    if (other === undefined) first.set(one.name, one)
    else report.add('duplicate-name', nameOf(one), `a ${what} called "${one.name}" is there already, in line ${nameOf(other).at.line}`, 'give one of them another name, or remove it')
  }
}

/** Two names that differ only in spelling become one host name, one directory, one metric. */
function checkSlugs(services: readonly ResourceEntry[], report: Report): void {
  const first = new Map<string, ResourceEntry>()
  for (const service of services) {
    if (service.name === undefined) continue
    const slug = slugOf(service.name)
    const other = first.get(slug)
    if (other === undefined) first.set(slug, service)
    else if (other.name !== service.name) {
      report.add('duplicate-name', nameOf(service), `"${service.name}" and "${other.name}" are both "${slug}" as a host name`, 'choose names that differ in letters or digits')
    }
  }
}

function nameOf({ node }: Named): YamlNode {
  return valueOf(node, 'name') ?? node
}
