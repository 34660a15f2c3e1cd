import type { Blueprint, BlueprintDatabase, BlueprintService, EnvEntry } from '@plimsoll/model'

/** A request as Render's OpenAPI document writes it, and where the field stands in its body: `serviceDetails.plan`; empty for the body itself. */
export type SentIn = readonly [request: string, at: string]

/**
 * What becomes of one field of a Blueprint on Render. `sent`: in these requests. `left`: differing, it is said and stays. `unsent`: whatever it holds, it is
 * said before anything is changed, with this reason. `here`: it is Plimsoll that acts by it, and what comes of it is in other fields.
 */
export type FieldWay =
  | { readonly sent: readonly SentIn[]; readonly left?: RegExp }
  | { readonly unsent: string }
  | { readonly here: string }

const post = 'POST /services'
const patch = 'PATCH /services/{serviceId}'
const both = (at: string): FieldWay => ({ sent: [[post, at], [patch, at]] })
const inDetails = (field: string): FieldWay => both(`serviceDetails.${field}`)
const inCommands = (field: string): FieldWay => both(`serviceDetails.envSpecificDetails.${field}`)
const here = (what: string): FieldWay => ({ here: what })
const unsent = (why: string): FieldWay => ({ unsent: why })

const identity = here('things are found by their names')
const previews = 'previews of whole environments are made by Render’s own sync of Blueprints alone'
const webOnly = 'Render’s API has it for web services alone'
const noChecks = 'Render’s API knows on and off alone, so that it deploys at every push'
const workflow = unsent('Plimsoll makes no workflows')
const variables: FieldWay = { sent: [[post, 'envVars'], ['PUT /services/{serviceId}/env-vars/{envVarKey}', 'value']] }

/** What services that are built have in common. */
const built = {
  name: identity, type: { sent: [[post, 'type']], left: /the kind of a service does not change/ }, envVars: variables,
  repo: both('repo'), branch: both('branch'), rootDir: both('rootDir'), buildFilter: both('buildFilter'), autoDeploy: both('autoDeploy'), autoDeployTrigger: both('autoDeploy'),
} satisfies Record<string, FieldWay>
const run = {
  region: { sent: [[post, 'serviceDetails.region']], left: /does not move to another region/ }, plan: inDetails('plan'), runtime: inDetails('runtime'),
  image: both('image'), buildCommand: inCommands('buildCommand'), startCommand: inCommands('startCommand'),
  dockerCommand: inCommands('dockerCommand'), dockerContext: inCommands('dockerContext'), dockerfilePath: inCommands('dockerfilePath'),
} satisfies Record<string, FieldWay>
const reached = {
  domain: { sent: [['POST /services/{serviceId}/custom-domains', 'name']] }, domains: { sent: [['POST /services/{serviceId}/custom-domains', 'name']] },
  ipAllowList: inDetails('ipAllowList'), renderSubdomainPolicy: inDetails('renderSubdomainPolicy'), pullRequestPreviewsEnabled: inDetails('previews.generation'),
} satisfies Record<string, FieldWay>

/** Every field that Render's schema of Blueprints has, by the name of its definition there; `''` is the document itself. */
export const blueprintFields: Readonly<Record<string, Readonly<Record<string, FieldWay>>>> = {
  '': {
    services: here('each is one'), databases: here('each is one'), envVarGroups: here('each is one'), projects: here('each is one'), version: here('there is only one'),
    ungrouped: { sent: [['DELETE /environments/{environmentId}/resources', '']] }, buildSources: here('written into the services that name them'),
    'ungrouped.buildSources': here('written into the services that name them'), previews: unsent(previews), previewsEnabled: unsent(previews), previewsExpireAfterDays: unsent(previews),
  },
  serverService: {
    ...built, ...run, ...reached, buildSource: here('written into the service'), registryCredential: inCommands('registryCredentialId'),
    numInstances: { sent: [[post, 'serviceDetails.numInstances'], ['POST /services/{serviceId}/scale', 'numInstances']], left: /it scales by itself there/ },
    scaling: { sent: [[post, 'serviceDetails.autoscaling'], ['PUT /services/{serviceId}/autoscaling', '']] },
    'scaling.minInstances': { sent: [[post, 'serviceDetails.autoscaling.min'], ['PUT /services/{serviceId}/autoscaling', 'min']] },
    'scaling.maxInstances': { sent: [[post, 'serviceDetails.autoscaling.max'], ['PUT /services/{serviceId}/autoscaling', 'max']] },
    'scaling.targetCPUPercent': { sent: [[post, 'serviceDetails.autoscaling.criteria.cpu'], ['PUT /services/{serviceId}/autoscaling', 'criteria.cpu']] },
    'scaling.targetMemoryPercent': { sent: [[post, 'serviceDetails.autoscaling.criteria.memory'], ['PUT /services/{serviceId}/autoscaling', 'criteria.memory']] },
    healthCheckPath: inDetails('healthCheckPath'), preDeployCommand: inDetails('preDeployCommand'), maxShutdownDelaySeconds: inDetails('maxShutdownDelaySeconds'),
    disk: { sent: [[post, 'serviceDetails.disk'], ['POST /disks', '']] },
    maintenanceMode: inDetails('maintenanceMode'), 'maintenanceMode.enabled': inDetails('maintenanceMode.enabled'), 'maintenanceMode.uri': inDetails('maintenanceMode.uri'),
    previews: inDetails('previews'), previewPlan: unsent(previews), initialDeployHook: unsent('Render’s API takes none, so that a release is refused'),
  },
  staticService: {
    ...built, ...reached, runtime: here('makes it a static site'), buildCommand: inDetails('buildCommand'), staticPublishPath: inDetails('publishPath'), previews: inDetails('previews'),
    headers: { sent: [['PUT /services/{serviceId}/headers', '']] }, routes: { sent: [['PUT /services/{serviceId}/routes', '']] },
    preDeployCommand: unsent('Render’s API has none for static sites'),
  },
  cronService: {
    ...built, ...run, schedule: inDetails('schedule'), registryCredential: { sent: [[patch, 'serviceDetails.envSpecificDetails.registryCredentialId']] },
    preDeployCommand: unsent('Render’s API has none for cron jobs'),
  },
  redisServer: {
    name: identity, type: here('it is a key-value service, and nothing else'), plan: { sent: [['POST /key-value', 'plan'], ['PATCH /key-value/{keyValueId}', 'plan']] },
    region: { sent: [['POST /key-value', 'region']], left: /Render’s API does not change it/ }, ipAllowList: { sent: [['POST /key-value', 'ipAllowList'], ['PATCH /key-value/{keyValueId}', 'ipAllowList']] },
    maxmemoryPolicy: { sent: [['POST /key-value', 'maxmemoryPolicy'], ['PATCH /key-value/{keyValueId}', 'maxmemoryPolicy']] },
    persistenceMode: unsent('Render’s API has no such field. Choose it in the dashboard'), previewPlan: unsent(previews),
  },
  workflowService: Object.fromEntries(['type', 'name', 'runtime', 'region', 'repo', 'branch', 'buildCommand', 'startCommand', 'rootDir', 'buildFilter', 'autoDeployTrigger', 'envVars'].map((field) => [field, workflow])),
  database: {
    name: identity, databaseName: inNewDatabase('databaseName'), user: inNewDatabase('databaseUser'), region: inNewDatabase('region'), postgresMajorVersion: inNewDatabase('version'),
    plan: inDatabase('plan'), diskSizeGB: { ...inDatabase('diskSizeGB'), left: /only grows/ }, storageAutoscalingEnabled: inDatabase('enableDiskAutoscaling'), ipAllowList: inDatabase('ipAllowList'),
    highAvailability: inDatabase('enableHighAvailability'), 'highAvailability.enabled': inDatabase('enableHighAvailability'), readReplicas: inDatabase('readReplicas'),
    connectionPool: unsent('Render’s API has no such field. Choose it in the dashboard'), previewPlan: unsent(previews), previewDiskSizeGB: unsent(previews),
  },
  envVarGroup: { name: identity, envVars: { sent: [['POST /env-groups', 'envVars'], ['PUT /env-groups/{envGroupId}/env-vars/{envVarKey}', 'value']] } },
  project: { name: { sent: [['POST /projects', 'name']] }, environments: { sent: [['POST /projects', 'environments'], ['POST /environments', 'name']] }, buildSources: here('written into the services that name them') },
  environment: {
    name: { sent: [['POST /projects', 'environments'], ['POST /environments', 'name']] }, 'networking.isolation': inEnvironment('networkIsolationEnabled'), 'permissions.protection': inEnvironment('protectedStatus'),
    networking: inEnvironment('networkIsolationEnabled'), permissions: inEnvironment('protectedStatus'),
    ...Object.fromEntries(['services', 'databases', 'envVarGroups'].map((field) => [field, { sent: [['POST /environments/{environmentId}/resources', 'resourceIds']] } satisfies FieldWay])),
  },
  resources: { services: here('see ungrouped'), databases: here('see ungrouped'), envVarGroups: here('see ungrouped') },
  rootPreviews: { generation: unsent(previews), expireAfterDays: unsent(previews) },
  servicePreviews: { generation: inDetails('previews.generation'), plan: unsent(previews), numInstances: unsent(previews) },
  staticServicePreviews: { generation: inDetails('previews.generation') },
  disk: { name: inDisk('name'), mountPath: inDisk('mountPath'), sizeGB: { ...inDisk('sizeGB'), left: /only grows/ } },
  image: { url: both('image.imagePath'), creds: both('image.registryCredentialId') },
  registryCredential: { fromRegistryCreds: here('its id is looked up'), 'fromRegistryCreds.name': here('its id is looked up') },
  buildFilter: { paths: both('buildFilter.paths'), ignoredPaths: both('buildFilter.ignoredPaths') },
  readReplica: { name: inDatabase('readReplicas') },
  header: ofRule('headers', ['path', 'name', 'value']),
  route: ofRule('routes', ['type', 'source', 'destination']),
  envVarFromKeyValue: { key: variables, value: variables, generateValue: here('Plimsoll makes it and keeps it'), sync: here('the value that is kept for the app'), previewValue: unsent(previews) },
  envVarFromDatabase: followed('fromDatabase', ['name', 'property']),
  envVarFromService: followed('fromService', ['name', 'type', 'property', 'envVarKey']),
  envVarFromGroup: { fromGroup: { sent: [['POST /env-groups/{envGroupId}/services/{serviceId}', '']] } },
  buildSource: { name: here('written into the services that name it'), git: here('written into the services that name it'), image: here('written into the services that name it') },
  buildSourceGit: Object.fromEntries(['repo', 'branch', 'runtime', 'buildCommand', 'buildFilter', 'envVars', 'rootDir', 'baseDir', 'region', 'dockerfilePath', 'registryCredential'].map((field) => [field, here('written into the services that name it')])),
}

function inNewDatabase(at: string): FieldWay {
  return { sent: [['POST /postgres', at]], left: /Render’s API does not change it/ }
}

function inDatabase(at: string): FieldWay & { readonly sent: readonly SentIn[] } {
  return { sent: [['POST /postgres', at], ['PATCH /postgres/{postgresId}', at]] }
}

function inDisk(at: string): FieldWay & { readonly sent: readonly SentIn[] } {
  return { sent: [[post, `serviceDetails.disk.${at}`], ['POST /disks', at], ['PATCH /disks/{diskId}', at]] }
}

function inEnvironment(at: string): FieldWay {
  return { sent: [['POST /projects', 'environments'], ['POST /environments', at], ['PATCH /environments/{environmentId}', at]] }
}

function ofRule(list: string, fields: readonly string[]): Readonly<Record<string, FieldWay>> {
  return Object.fromEntries(fields.map((field) => [field, { sent: [[`PUT /services/{serviceId}/${list}`, '']] }]))
}

/** References are followed here, for the API takes none: what they lead to is sent as a value. */
function followed(form: string, fields: readonly string[]): Readonly<Record<string, FieldWay>> {
  // What is referred to is there first, so that a service is made without it.
  const later: FieldWay = { sent: [['PUT /services/{serviceId}/env-vars/{envVarKey}', 'value']] }
  return { key: later, [form]: later, ...Object.fromEntries(fields.map((field) => [`${form}.${field}`, here('followed, and sent as a value')])) }
}

/** What a Blueprint asks for and no request can say, in whole sentences, by name. */
export function unsentOf({ services, databases, groups, previews: root }: Blueprint): string[] {
  return [
    ...(root === undefined ? [] : [sentence('previews', 'the Blueprint', previews)]),
    ...services.flatMap((service) => unsentOfService(service)),
    ...databases.flatMap((database) => unsentOfDatabase(database)),
    ...groups.flatMap(({ name, env }) => unsentPreviewValues(`the group ${name}`, env)),
  ]
}

function unsentOfService(service: BlueprintService): string[] {
  const { name, kind, env } = service
  const isSized = service.previews?.plan !== undefined || service.previews?.numInstances !== undefined
  const isPublic = kind === 'web' || kind === 'static'
  const noPreDeploy = kind === 'cron' || kind === 'static' ? blueprintFields[`${kind}Service`]?.['preDeployCommand'] : undefined
  return [
    ...(kind === 'workflow' ? [sentence('Everything', name, 'Plimsoll makes no workflows. See to it in the dashboard')] : []),
    ...(service.autoDeployTrigger === 'checksPass' ? [sentence('autoDeployTrigger: checksPass', name, noChecks)] : []),
    ...(service.initialDeployHook === undefined ? [] : [sentence('initialDeployHook', name, reasonOf(blueprintFields['serverService']?.['initialDeployHook']))]),
    ...(service.persistenceMode === undefined ? [] : [sentence('persistenceMode', name, reasonOf(blueprintFields['redisServer']?.['persistenceMode']))]),
    ...(noPreDeploy === undefined || service.preDeployCommand === undefined ? [] : [sentence('preDeployCommand', name, reasonOf(noPreDeploy))]),
    ...(isSized ? [sentence('The size of previews', name, previews)] : []),
    ...(kind === 'web' ? [] : (['healthCheckPath', 'maintenanceMode'] as const).filter((field) => service[field] !== undefined).map((field) => sentence(field, name, webOnly))),
    ...(isPublic || kind === 'keyvalue' || service.ipAllowList === undefined ? [] : [sentence('ipAllowList', name, webOnly)]),
    ...(isPublic || service.renderSubdomainPolicy === undefined ? [] : [sentence('renderSubdomainPolicy', name, webOnly)]),
    ...(isPublic || service.domains.length === 0 ? [] : [sentence('domains', name, webOnly)]),
    ...unsentPreviewValues(name, env),
  ]
}

function unsentOfDatabase({ name, connectionPool, previewPlan, previewDiskSizeGB }: BlueprintDatabase): string[] {
  return [
    ...(connectionPool === undefined ? [] : [sentence('connectionPool', name, reasonOf(blueprintFields['database']?.['connectionPool']))]),
    ...(previewPlan === undefined && previewDiskSizeGB === undefined ? [] : [sentence('The size of previews', name, previews)]),
  ]
}

function unsentPreviewValues(name: string, env: readonly EnvEntry[]): string[] {
  const keys = env.flatMap((entry) => ('previewValue' in entry && entry.previewValue !== undefined ? [entry.key] : []))
  return keys.length === 0 ? [] : [sentence(`previewValue of ${keys.join(', ')}`, name, previews)]
}

function reasonOf(way: FieldWay | undefined): string {
  return way !== undefined && 'unsent' in way ? way.unsent : ''
}

function sentence(field: string, of: string, because: string): string {
  return `${field} of ${of} is not set: ${because}`
}
