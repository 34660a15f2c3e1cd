/** Keys of a Blueprint's entry; undefined takes one away. */
type Entry = Readonly<Record<string, unknown>>

/** A Blueprint without a field, one with it, and what was there before where that is another than the first. */
export interface FieldSample {
  readonly without: object
  readonly field: object
  readonly before?: object
}

const server: Entry = { type: 'web', name: 'web', runtime: 'node', buildCommand: 'b', startCommand: 's' }
const docker: Entry = { ...server, runtime: 'docker', buildCommand: undefined, startCommand: undefined }
const image: Entry = { ...docker, runtime: 'image', image: { url: 'ghcr.io/ada/shop:1' } }
const site: Entry = { type: 'web', name: 'web', runtime: 'static', buildCommand: 'b', staticPublishPath: 'dist' }
const cron: Entry = { type: 'cron', name: 'web', runtime: 'node', buildCommand: 'b', startCommand: 's', schedule: '0 3 * * *' }
const dockerCron: Entry = { ...cron, runtime: 'docker', buildCommand: undefined, startCommand: undefined }
const imageCron: Entry = { ...dockerCron, runtime: 'image', image: { url: 'ghcr.io/ada/shop:1' } }
const cache: Entry = { type: 'keyvalue', name: 'cache', ipAllowList: [] }
const database: Entry = { name: 'db' }
const credential = { fromRegistryCreds: { name: 'ghcr' } }
const disk = { name: 'files', mountPath: '/data', sizeGB: 10 }
const scaling = { minInstances: 1, maxInstances: 3, targetCPUPercent: 60, targetMemoryPercent: 80 }
const allowed = [{ source: '10.0.0.0/8', description: 'office' }]
const domains = ['shop.example.com']

function service(base: Entry, more: Entry, before?: Entry): FieldSample {
  const document = (entry: Entry): object => ({ services: [entry] })
  return { without: document(base), field: document({ ...base, ...more }), ...(before !== undefined && { before: document({ ...base, ...before }) }) }
}

function store(more: Entry, before?: Entry): FieldSample {
  const document = (entry: Entry): object => ({ databases: [{ ...database, ...entry }] })
  return { without: document({}), field: document(more), ...(before !== undefined && { before: document(before) }) }
}

/** What services that are built have in common, each with the base that has another value. */
function built(base: Entry): Readonly<Record<string, readonly FieldSample[]>> {
  return {
    envVars: [service(base, { envVars: [{ key: 'A', value: '1' }] })], repo: [service(base, { repo: 'https://github.com/ada/other' })], branch: [service(base, { branch: 'next' })],
    rootDir: [service(base, { rootDir: 'apps/web' })], buildFilter: [service(base, { buildFilter: { paths: ['apps/**'], ignoredPaths: ['docs/**'] } })],
    autoDeploy: [service(base, { autoDeploy: false })], autoDeployTrigger: [service(base, { autoDeployTrigger: 'off' })],
  }
}

function run(base: Entry, { ofDocker, ofImage }: { readonly ofDocker: Entry; readonly ofImage: Entry }): Readonly<Record<string, readonly FieldSample[]>> {
  return {
    region: [service(base, { region: 'frankfurt' })], plan: [service(base, { plan: 'standard' })], runtime: [{ without: { services: [ofDocker] }, field: { services: [base] } }],
    image: [service(ofImage, { image: { url: 'ghcr.io/ada/shop:2' } })], buildCommand: [service(base, { buildCommand: 'other' })], startCommand: [service(base, { startCommand: 'other' })],
    dockerCommand: [service(ofDocker, { dockerCommand: 'node x.js' })], dockerContext: [service(ofDocker, { dockerContext: './apps' })], dockerfilePath: [service(ofDocker, { dockerfilePath: './apps/Dockerfile' })],
    registryCredential: [service(ofDocker, { registryCredential: credential })],
  }
}

function reached(base: Entry): Readonly<Record<string, readonly FieldSample[]>> {
  return {
    domain: [service(base, { domain: domains[0] })], domains: [service(base, { domains: ['example.com'] })], ipAllowList: [service(base, { ipAllowList: allowed })],
    renderSubdomainPolicy: [service({ ...base, domains }, { renderSubdomainPolicy: 'disabled' })], pullRequestPreviewsEnabled: [service(base, { pullRequestPreviewsEnabled: true })], previews: [service(base, { previews: { generation: 'manual' } })],
  }
}

const web = [{ type: 'web', name: 'web', runtime: 'node', buildCommand: 'b', startCommand: 's' }]
const shop = (environment: Entry, project: Entry = {}): object => ({ projects: [{ name: 'shop', ...project, environments: [{ name: 'production', ...environment }] }] })
const group = (env: readonly object[]): object => ({ envVarGroups: [{ name: 'all', envVars: env }] })
const rule = { type: 'rewrite', source: '/*', destination: '/index.html' }
const header = { path: '/*', name: 'X-Frame-Options', value: 'DENY' }
const isolated = { networking: { isolation: 'enabled' } }
const guarded = { permissions: { protection: 'enabled' } }
const flow: Entry = { type: 'workflow', name: 'flow', runtime: 'node', region: 'oregon', buildCommand: 'b', startCommand: 's' }

/** By definition and field of Render's schema, for each field that is sent or said. */
export const fieldSamples: Readonly<Record<string, Readonly<Record<string, readonly FieldSample[]>>>> = {
  '': {
    ungrouped: [{ without: { services: web }, field: { ungrouped: { services: web } }, before: shop({ services: web }) }],
    previews: [{ without: {}, field: { previews: { generation: 'manual' } } }], previewsEnabled: [{ without: {}, field: { previewsEnabled: true } }], previewsExpireAfterDays: [{ without: {}, field: { previewsExpireAfterDays: 3 } }],
  },
  serverService: {
    ...built(server), ...run(server, { ofDocker: docker, ofImage: image }), ...reached(server), type: [service({ ...server, type: 'worker' }, { type: 'web' })],
    numInstances: [service(server, { numInstances: 3 }), service(server, { numInstances: 3 }, { scaling })], scaling: [service(server, { scaling })],
    ...Object.fromEntries(['minInstances', 'maxInstances', 'targetCPUPercent', 'targetMemoryPercent'].map((key) => [`scaling.${key}`, [service({ ...server, scaling }, { scaling: { ...scaling, [key]: 2 } })]])),
    healthCheckPath: [service(server, { healthCheckPath: '/healthz' })], preDeployCommand: [service(server, { preDeployCommand: 'migrate' })], maxShutdownDelaySeconds: [service(server, { maxShutdownDelaySeconds: 60 })],
    disk: [service(server, { disk })], maintenanceMode: [service(server, { maintenanceMode: { enabled: true, uri: 'https://status.test' } })],
    'maintenanceMode.enabled': [service(server, { maintenanceMode: { enabled: true } })], 'maintenanceMode.uri': [service(server, { maintenanceMode: { uri: 'https://status.test' } })],
    previewPlan: [service(server, { previewPlan: 'standard' })], initialDeployHook: [service(server, { initialDeployHook: 'seed' })],
  },
  staticService: {
    ...built(site), ...reached(site), type: [{ without: { services: [{ ...server, type: 'worker' }] }, field: { services: [site] } }], buildCommand: [service(site, { buildCommand: 'other' })], staticPublishPath: [service(site, { staticPublishPath: 'out' })],
    headers: [service(site, { headers: [header] })], routes: [service(site, { routes: [rule] })], preDeployCommand: [service(site, { preDeployCommand: 'migrate' })],
  },
  cronService: {
    ...built(cron), ...run(cron, { ofDocker: dockerCron, ofImage: imageCron }), type: [{ without: { services: [server] }, field: { services: [cron] } }], schedule: [service(cron, { schedule: '5 4 * * *' })], preDeployCommand: [service(cron, { preDeployCommand: 'migrate' })],
  },
  redisServer: {
    plan: [service(cache, { plan: 'standard' })], region: [service(cache, { region: 'frankfurt' })], ipAllowList: [service(cache, { ipAllowList: allowed })], maxmemoryPolicy: [service(cache, { maxmemoryPolicy: 'noeviction' })],
    persistenceMode: [service(cache, { persistenceMode: 'snapshot' })], previewPlan: [service(cache, { previewPlan: 'free' })],
  },
  workflowService: Object.fromEntries(['type', 'name', 'runtime', 'region', 'repo', 'branch', 'buildCommand', 'startCommand', 'rootDir', 'buildFilter', 'autoDeployTrigger', 'envVars'].map((field) => [field, [{ without: {}, field: { services: [flow] } }]])),
  database: {
    databaseName: [store({ databaseName: 'shop' })], user: [store({ user: 'ada' })], region: [store({ region: 'frankfurt' })], postgresMajorVersion: [store({ postgresMajorVersion: '16' })], plan: [store({ plan: 'pro-4gb' })],
    diskSizeGB: [store({ diskSizeGB: 10 }, { diskSizeGB: 5 }), store({ diskSizeGB: 10 }, { diskSizeGB: 20 })], storageAutoscalingEnabled: [store({ storageAutoscalingEnabled: true })], ipAllowList: [store({ ipAllowList: allowed })],
    highAvailability: [store({ highAvailability: { enabled: true } })], 'highAvailability.enabled': [store({ highAvailability: { enabled: true } })], readReplicas: [store({ readReplicas: [{ name: 'db-reads' }] })],
    connectionPool: [store({ connectionPool: 'pgbouncer' })], previewPlan: [store({ previewPlan: 'basic-256mb' })], previewDiskSizeGB: [store({ previewDiskSizeGB: 5 })],
  },
  envVarGroup: { envVars: [{ without: group([{ key: 'A', value: '1' }]), field: group([{ key: 'A', value: '2' }]) }] },
  project: { name: [{ without: {}, field: shop({}) }], environments: [{ without: shop({}), field: { projects: [{ name: 'shop', environments: [{ name: 'production' }, { name: 'staging' }] }] } }] },
  environment: {
    name: [{ without: shop({}), field: { projects: [{ name: 'shop', environments: [{ name: 'production' }, { name: 'staging' }] }] } }],
    ...ofEnvironment('networking', 'networking.isolation', isolated), ...ofEnvironment('permissions', 'permissions.protection', guarded),
    services: [{ without: { services: web }, field: shop({ services: web }) }], databases: [{ without: { databases: [database] }, field: shop({ databases: [database] }) }], envVarGroups: [{ without: group([]), field: shop({ envVarGroups: [{ name: 'all', envVars: [] }] }) }],
  },
  rootPreviews: { generation: [{ without: {}, field: { previews: { generation: 'manual' } } }], expireAfterDays: [{ without: {}, field: { previews: { expireAfterDays: 3 } } }] },
  servicePreviews: { generation: [service(server, { previews: { generation: 'manual' } })], plan: [service(server, { previews: { plan: 'standard' } })], numInstances: [service(server, { previews: { numInstances: 2 } })] },
  staticServicePreviews: { generation: [service(site, { previews: { generation: 'automatic' } })] },
  disk: {
    name: [service(server, { disk }), service({ ...server, disk: { ...disk, name: 'other' } }, { disk })], mountPath: [service(server, { disk }), service({ ...server, disk: { ...disk, mountPath: '/other' } }, { disk })],
    sizeGB: [service(server, { disk }), service({ ...server, disk }, { disk: { ...disk, sizeGB: 20 } }), service({ ...server, disk: { ...disk, sizeGB: 20 } }, { disk })],
  },
  image: { url: [service(image, { image: { url: 'ghcr.io/ada/shop:2' } })], creds: [service(image, { image: { url: 'ghcr.io/ada/shop:1', creds: credential } })] },
  buildFilter: { paths: [service(server, { buildFilter: { paths: ['a/**'] } })], ignoredPaths: [service(server, { buildFilter: { ignoredPaths: ['a/**'] } })] },
  readReplica: { name: [store({ readReplicas: [{ name: 'db-reads' }] }, { readReplicas: [{ name: 'others' }] })] },
  header: Object.fromEntries(['path', 'name', 'value'].map((key) => [key, [service(site, { headers: [header] })]])),
  route: Object.fromEntries(['type', 'source', 'destination'].map((key) => [key, [service(site, { routes: [rule] })]])),
  envVarFromKeyValue: {
    key: [service(server, { envVars: [{ key: 'A', value: '1' }] })], value: [service({ ...server, envVars: [{ key: 'A', value: '1' }] }, { envVars: [{ key: 'A', value: '2' }] })], previewValue: [service(server, { envVars: [{ key: 'A', value: '1', previewValue: '2' }] })],
  },
  envVarFromDatabase: { key: [fromDatabase()], fromDatabase: [fromDatabase()] },
  envVarFromService: { key: [fromService()], fromService: [fromService()] },
  envVarFromGroup: { fromGroup: [{ without: { ...group([]), services: [server] }, field: { ...group([]), services: [{ ...server, envVars: [{ fromGroup: 'all' }] }] } }] },
}

function ofEnvironment(outer: string, inner: string, settings: Entry): Readonly<Record<string, readonly FieldSample[]>> {
  const samples = [{ without: shop({}), field: shop(settings) }, { without: shop({}), field: { projects: [{ name: 'shop', environments: [{ name: 'production' }, { name: 'staging', ...settings }] }] } }]
  return { [outer]: samples, [inner]: samples }
}

function fromDatabase(): FieldSample {
  const rest = { databases: [database] }
  return { without: { ...rest, services: [server] }, field: { ...rest, services: [{ ...server, envVars: [{ key: 'URL', fromDatabase: { name: 'db', property: 'connectionString' } }] }] }, before: { ...rest, services: [server] } }
}

function fromService(): FieldSample {
  const api = { ...server, type: 'pserv', name: 'api' }
  return { without: { services: [api, server] }, field: { services: [api, { ...server, envVars: [{ key: 'API', fromService: { type: 'pserv', name: 'api', property: 'host' } }] }] } }
}
