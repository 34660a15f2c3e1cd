import { blueprintSchema, type Blueprint } from '@plimsoll/model'
import { readEnv } from './read-env.ts'
import type { EnvironmentEntry, Inventory, ResourceEntry, ServiceEntry } from './inventory.ts'
import { credentialOf, plainKeys, plainValue, textsOf } from './plain-value.ts'
import { flagOf, itemsOf, numberOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

/** The Blueprint that a document without errors describes. */
export function understand(file: string, inventory: Inventory): Blueprint {
  return blueprintSchema.parse({
    file,
    services: inventory.services.map((service) => serviceOf(service, inventory)),
    databases: inventory.databases.map(databaseOf),
    groups: inventory.groups.map((group) => ({ ...identityOf(group), env: readEnv(group.node) })),
    environments: inventory.environments.map(environmentOf),
    previews: rootPreviewsOf(inventory.root),
  })
}

function identityOf({ name, node, environment, ungrouped }: ResourceEntry): Record<string, unknown> {
  return { name, at: node.at, environment: environment && { project: environment.project, name: environment.name }, ungrouped }
}

const sameOnBoth = [
  'region', 'plan', 'startCommand', 'preDeployCommand', 'initialDeployHook', 'dockerCommand', 'dockerContext', 'schedule',
  'autoDeployTrigger', 'healthCheckPath', 'maxShutdownDelaySeconds', 'numInstances', 'scaling', 'disk', 'renderSubdomainPolicy',
  'ipAllowList', 'maintenanceMode', 'maxmemoryPolicy', 'persistenceMode',
]

function serviceOf(service: ServiceEntry, { buildSources }: Inventory): Record<string, unknown> {
  const { node, form } = service
  const source = buildSources.find(({ name }) => name !== undefined && name === textOf(node, 'buildSource'))?.node
  const git = valueOf(source, 'git')
  return {
    ...plainKeys(node, sameOnBoth),
    ...identityOf(service),
    kind: form === 'T' ? 'static' : service.type,
    ...buildOf(source, git),
    ...buildOf(node, node),
    runtime: runtimeOf(service, git),
    env: readEnv(node),
    buildEnv: git === undefined ? [] : readEnv(git),
    domains: domainsOf(node),
    previews: previewsOf(node),
    staticSite: form === 'T' ? siteOf(node) : undefined,
  }
}

function runtimeOf({ runtime, form }: ServiceEntry, git: YamlNode | undefined): string {
  if (form === 'K') return 'keyvalue'
  return runtime ?? textOf(git, 'runtime') ?? 'image'
}

function buildOf(holder: YamlNode | undefined, fields: YamlNode | undefined): Record<string, unknown> {
  const image = valueOf(holder, 'image')
  const filter = valueOf(fields, 'buildFilter')
  const credential = credentialOf(fields, 'registryCredential')
  return {
    ...(fields && plainKeys(fields, ['repo', 'branch', 'region', 'rootDir', 'buildCommand', 'dockerfilePath'])),
    ...(filter && { buildFilter: { paths: textsOf(filter, 'paths'), ignoredPaths: textsOf(filter, 'ignoredPaths') } }),
    ...(credential !== undefined && { registryCredential: credential }),
    ...(image && { image: { url: textOf(image, 'url'), credentials: credentialOf(image, 'creds') } }),
  }
}

function domainsOf(node: YamlNode): string[] {
  const single = textOf(node, 'domain')
  return [...new Set([...textsOf(node, 'domains'), ...(single === undefined ? [] : [single])])]
}

/** The deprecated keys give way to `previews`. */
function previewsOf(node: YamlNode): unknown {
  const enabled = flagOf(node, 'pullRequestPreviewsEnabled')
  const plan = textOf(node, 'previewPlan')
  const previews = valueOf(node, 'previews')
  if (enabled === undefined && plan === undefined && previews === undefined) return undefined
  return {
    ...(enabled !== undefined && { generation: enabled ? 'automatic' : 'off' }),
    ...(plan !== undefined && { plan }),
    ...(previews && plainKeys(previews, ['generation', 'plan', 'numInstances'])),
  }
}

function rootPreviewsOf(root: YamlNode): unknown {
  const enabled = flagOf(root, 'previewsEnabled')
  const days = numberOf(root, 'previewsExpireAfterDays')
  const previews = valueOf(root, 'previews')
  if (enabled === undefined && days === undefined && previews === undefined) return undefined
  return {
    ...(enabled !== undefined && { generation: enabled ? 'automatic' : 'off' }),
    ...(days !== undefined && { expireAfterDays: days }),
    ...(previews && plainKeys(previews, ['generation', 'expireAfterDays'])),
  }
}

function siteOf(node: YamlNode): unknown {
  const rules = (key: string) => itemsOf(node, key).map(plainValue)
  return { publishPath: textOf(node, 'staticPublishPath'), headers: rules('headers'), routes: rules('routes') }
}

const databaseKeys = [
  'databaseName', 'user', 'region', 'plan', 'previewPlan', 'postgresMajorVersion', 'diskSizeGB', 'previewDiskSizeGB',
  'storageAutoscalingEnabled', 'connectionPool', 'highAvailability', 'ipAllowList',
]

function databaseOf(database: ResourceEntry): Record<string, unknown> {
  const { node } = database
  const replicas = valueOf(node, 'readReplicas') && itemsOf(node, 'readReplicas').map((replica) => textOf(replica, 'name'))
  return { ...plainKeys(node, databaseKeys), ...identityOf(database), readReplicas: replicas }
}

function environmentOf({ project, name, node }: EnvironmentEntry): Record<string, unknown> {
  return {
    project,
    name,
    isolated: switched(textOf(valueOf(node, 'networking'), 'isolation')),
    protected: switched(textOf(valueOf(node, 'permissions'), 'protection')),
  }
}

function switched(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'enabled'
}
