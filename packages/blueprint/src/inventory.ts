import { formOf } from './service-shape.ts'
import type { ServiceForm } from './service-fields.ts'
import { itemsOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

/** Where a resource is listed: in an environment, or nowhere in particular. */
export interface EnvironmentEntry {
  readonly project: string
  readonly name: string
  readonly node: YamlNode
}

export interface ResourceEntry {
  readonly node: YamlNode
  /** Undefined when it is missing or no text. */
  readonly name: string | undefined
  readonly environment: EnvironmentEntry | undefined
  /** Listed under `ungrouped`. */
  readonly ungrouped?: true
}

export interface ServiceEntry extends ResourceEntry {
  readonly form: ServiceForm | undefined
  readonly type: string | undefined
  readonly runtime: string | undefined
}

/** Everything that a document lists, wherever it lists it. Made also of broken documents, for rules to find the rest. */
export interface Inventory {
  readonly root: YamlNode
  readonly services: readonly ServiceEntry[]
  readonly databases: readonly ResourceEntry[]
  readonly groups: readonly ResourceEntry[]
  readonly buildSources: readonly ResourceEntry[]
  readonly environments: readonly EnvironmentEntry[]
  readonly projects: readonly YamlNode[]
}

export function takeInventory(root: YamlNode): Inventory {
  const projects = itemsOf(root, 'projects')
  const environments = projects.flatMap(environmentsOf)
  const ungrouped = valueOf(root, 'ungrouped')
  const holders: readonly Holder[] = [{ node: root, environment: undefined }, ...environments.map((one) => ({ node: one.node, environment: one }))]
  const all: readonly Holder[] = ungrouped === undefined ? holders : [...holders, { node: ungrouped, environment: undefined, ungrouped: true }]
  const listed = (key: string) =>
    all.flatMap(({ node, ...where }) => itemsOf(node, key).map((item) => ({ node: item, name: textOf(item, 'name'), ...where })))
  const sourceHolders = [root, ...projects, ...(ungrouped === undefined ? [] : [ungrouped])]
  return {
    root,
    services: listed('services').map(asService),
    databases: listed('databases'),
    groups: listed('envVarGroups'),
    buildSources: sourceHolders.flatMap((node) =>
      itemsOf(node, 'buildSources').map((item) => ({ node: item, name: textOf(item, 'name'), environment: undefined })),
    ),
    environments,
    projects,
  }
}

type Holder = Pick<ResourceEntry, 'node' | 'environment' | 'ungrouped'>

function environmentsOf(project: YamlNode): EnvironmentEntry[] {
  const name = textOf(project, 'name') ?? ''
  return itemsOf(project, 'environments').map((node) => ({ project: name, name: textOf(node, 'name') ?? '', node }))
}

function asService(entry: ResourceEntry): ServiceEntry {
  return { ...entry, form: formOf(entry.node), type: textOf(entry.node, 'type'), runtime: textOf(entry.node, 'runtime') }
}
