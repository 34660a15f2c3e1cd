import { posix } from 'node:path'
import { itemsOf, textOf, valueOf, type Inventory, type YamlNode } from '@plimsoll/blueprint/inspect'
import { packageOf, type Workspace, type WorkspacePackage } from '@plimsoll/repository'
import { analyseCommand, type CommandAnalysis, type Invocation } from '@plimsoll/repository/commands'
import type { RepositoryFiles } from './repository-files.ts'

/** One command of a service. */
export interface ServiceCommand {
  readonly key: 'buildCommand' | 'preDeployCommand' | 'startCommand' | 'dockerCommand'
  readonly node: YamlNode
  readonly text: string
  /** What it runs; without a repository only what the line itself says. */
  readonly analysis: CommandAnalysis
}

/** One service as a Blueprint lists it, with what its commands mean in the repository. */
export interface Service {
  readonly name: string
  readonly node: YamlNode
  readonly kind: string
  readonly runtime: string
  readonly plan: string | undefined
  /** `rootDir` without its slashes; empty for the root of the repository. */
  readonly root: string
  readonly commands: readonly ServiceCommand[]
  /** KEY → the entry that sets it, of the service itself or of a group that it links. */
  readonly env: ReadonlyMap<string, YamlNode>
  /** The most instances that it may have at a time. */
  readonly instances: number
  /** False for an image that is made elsewhere, and for code of another repository: of those no file here tells anything. */
  readonly isHere: boolean
  /** The package that it runs, as far as its commands tell. */
  readonly app: WorkspacePackage | undefined
  /** That package and everything in the workspace that it and its commands need. */
  readonly closure: readonly WorkspacePackage[]
}

/** Runtimes whose commands Render runs itself. */
export const isNative = ({ runtime }: Pick<Service, 'runtime'>): boolean => !['docker', 'image', ''].includes(runtime)

export const commandOf = (service: Service, key: ServiceCommand['key']): ServiceCommand | undefined => service.commands.find((command) => command.key === key)

/** The value that the Blueprint writes for a variable; undefined also for one that comes from elsewhere. */
export const valueIn = (service: Service, key: string): string | undefined => textOf(service.env.get(key), 'value')

export const dependsOn = (one: WorkspacePackage | undefined, name: string): boolean =>
  one !== undefined && [one.manifest.dependencies, one.manifest.devDependencies, one.manifest.optionalDependencies].some((list) => Object.hasOwn(list, name))

const empty: Workspace = { root: { directory: '', name: '', manifest: { scripts: {}, dependencies: {}, devDependencies: {}, optionalDependencies: {}, peerDependencies: {} } }, packages: [] }

export function servicesOf(inventory: Inventory, repository: RepositoryFiles | undefined): Service[] {
  return inventory.services.map((entry): Service => {
    const { node, form } = entry
    const root = tidy(textOf(node, 'rootDir') ?? '')
    const isHere = repository !== undefined && entry.runtime !== 'image' && valueOf(node, 'repo') === undefined && form !== 'K' && form !== undefined
    const workspace = isHere ? repository.workspace : empty
    const commands = commandsOf(node, workspace, root)
    const named = packagesOf(commands.flatMap(({ analysis }) => analysis.invocations))
    const app = !isHere ? undefined : appOf({ commands, root, workspace, named })
    const seeds = [...new Set([...(app === undefined ? [] : [app]), ...named])]
    return {
      name: entry.name ?? '', node, root, commands, isHere, app,
      kind: form === 'T' ? 'static' : (entry.type ?? ''),
      runtime: entry.runtime ?? '',
      plan: textOf(node, 'plan'),
      env: variablesOf(node, inventory),
      instances: instancesOf(node),
      closure: !isHere ? [] : repository.closureOf(seeds),
    }
  })
}

function commandsOf(node: YamlNode, workspace: Workspace, root: string): ServiceCommand[] {
  return (['buildCommand', 'preDeployCommand', 'startCommand', 'dockerCommand'] as const).flatMap((key) => {
    const place = valueOf(node, key)
    const text = textOf(node, key)
    return place === undefined || text === undefined ? [] : [{ key, node: place, text, analysis: analyseCommand(text, workspace, root) }]
  })
}

function packagesOf(invocations: readonly Invocation[]): WorkspacePackage[] {
  return [...new Set(invocations.flatMap(({ scope }) => (scope === 'all' ? [] : scope)))]
}

interface Clues {
  readonly commands: readonly ServiceCommand[]
  readonly root: string
  readonly workspace: Workspace
  readonly named: readonly WorkspacePackage[]
}

/** Of what starts it, else of where it stands, else the only package that any command names. */
function appOf({ commands, root, workspace, named }: Clues): WorkspacePackage | undefined {
  const started = packagesOf(commands.filter(({ key }) => key === 'startCommand' || key === 'dockerCommand').flatMap(({ analysis }) => analysis.invocations))
  if (started.length === 1) return started[0]
  const here = packageOf(workspace, root)
  if (here.directory !== '' || workspace.packages.length === 0) return here
  return started.length === 0 && named.length === 1 ? named[0] : undefined
}

function variablesOf(node: YamlNode, { groups }: Inventory): Map<string, YamlNode> {
  const found = new Map<string, YamlNode>()
  const take = (entries: readonly YamlNode[]): void => {
    for (const entry of entries) {
      const key = textOf(entry, 'key')
      if (key !== undefined) found.set(key, entry)
    }
  }
  const own = itemsOf(node, 'envVars')
  for (const entry of own) take(itemsOf(groups.find(({ name }) => name !== undefined && name === textOf(entry, 'fromGroup'))?.node, 'envVars'))
  take(own)
  return found
}

function instancesOf(node: YamlNode): number {
  const number = (from: YamlNode | undefined, key: string): number | undefined => {
    const value = valueOf(from, key)
    return value?.is === 'scalar' && typeof value.value === 'number' ? value.value : undefined
  }
  return number(valueOf(node, 'scaling'), 'maxInstances') ?? number(node, 'numInstances') ?? 1
}

function tidy(path: string): string {
  const plain = posix.normalize(path === '' ? '.' : path).replace(/^\/+|\/+$/g, '')
  return plain === '.' ? '' : plain
}

/** For rules about files: what of the subject they can speak of; nothing where only the text is known. */
export function servicesHere({ services, repository }: { readonly services: readonly Service[]; readonly repository: RepositoryFiles | undefined }): { readonly service: Service; readonly repository: RepositoryFiles }[] {
  return repository === undefined ? [] : services.filter(({ isHere }) => isHere).map((service) => ({ service, repository }))
}
