import { previewGenerations } from '@plimsoll/model'
import { envVarShape } from './env-fields.ts'
import { cronPlanNames, keyValuePlanNames, serverPlanNames } from './plans.ts'
import { boolean, choice, formed, integer, list, record, text, type Deprecation, type Field, type Shape } from './shape.ts'
import { absolutePath, absoluteUrl, addressBlock, insideRepository, named, routeSource, schedule } from './text-forms.ts'

/** The five shapes a service can have, by the letters that the table below uses. */
export const serviceForms = {
  S: 'a web service, private service or worker',
  T: 'a static site',
  C: 'a cron job',
  K: 'a key-value service',
  F: 'a workflow',
} as const
export type ServiceForm = keyof typeof serviceForms

/** The types that share form S, for sentences. */
export const serverTitles: Readonly<Record<string, string>> = { web: 'a web service', pserv: 'a private service', worker: 'a worker' }

export const serviceTypes = ['web', 'pserv', 'worker', 'cron', 'keyvalue', 'workflow'] as const
export const nativeRuntimes = ['node', 'python', 'ruby', 'go', 'rust', 'elixir'] as const
export const runtimes: readonly string[] = [...nativeRuntimes, 'docker', 'image', 'static']
const regions = ['oregon', 'ohio', 'virginia', 'frankfurt', 'singapore']
const switched = (what: string) => choice(what, ['enabled', 'disabled'], { instead: { true: 'write enabled', false: 'write disabled' } })

const typeShape = choice('a type of service', serviceTypes, {
  rule: 'unknown-service-type',
  formerly: { redis: 'keyvalue' },
  instead: {
    static: 'write type: web with runtime: static',
    static_site: 'write type: web with runtime: static',
    web_service: 'write type: web',
    private_service: 'write type: pserv',
    private: 'write type: pserv',
    background_worker: 'write type: worker',
    background: 'write type: worker',
    cron_job: 'write type: cron',
    job: 'write type: cron',
    key_value: 'write type: keyvalue',
    database: 'databases have a list of their own: databases: at the root',
    postgres: 'databases have a list of their own: databases: at the root',
    postgresql: 'databases have a list of their own: databases: at the root',
  },
})
const runtimeShape = choice('a runtime', runtimes, { instead: { bun: 'write runtime: node; its image brings bun', nodejs: 'write runtime: node', nextjs: 'write runtime: node' } })
export const regionShape = choice('a region', regions)
export const planShape = (what: string, of: readonly string[]) => choice(what, of, { anyCase: true })
export const credentialShape = record('registryCredential', [
  { key: 'fromRegistryCreds', required: 'fromRegistryCreds: { name: … }', shape: record('fromRegistryCreds', [{ key: 'name', shape: text, required: 'name: …' }]) },
])
export const imageShape = record('image', [
  { key: 'url', shape: text, required: 'url: docker.io/library/nginx@sha256:…' },
  { key: 'creds', shape: credentialShape },
])
export const buildFilterShape = record('buildFilter', [
  { key: 'paths', shape: list(text) },
  { key: 'ignoredPaths', shape: list(text) },
], { oneOf: ['paths', 'ignoredPaths'] })
export const ipAllowListShape = list(record('an allowed source', [
  { key: 'source', shape: formed(addressBlock), required: 'source: 0.0.0.0/0' },
  { key: 'description', shape: text },
]))
const trigger = choice('a trigger', ['commit', 'checksPass', 'off'], {
  instead: { false: "write 'off' in quotes", no: "write 'off' in quotes", true: 'write commit', on: 'write commit', yes: 'write commit', always: 'write commit' },
})
const generation: Field = { key: 'generation', shape: choice('a way to make previews', previewGenerations, { instead: { false: "write 'off' in quotes", true: 'write automatic' } }) }
const percent = integer(1, 90)

interface Row {
  readonly forms: string
  readonly field: Field
}

function row(forms: string, key: string, shape: Shape, more: { required?: string; deprecated?: Deprecation } = {}): Row {
  return { forms, field: { key, shape, ...more } }
}

/** Every field of a service: the forms that have it, its name, its shape. */
const rows: readonly Row[] = [
  row('STCKF', 'type', typeShape, { required: 'type: web, pserv, worker, cron, keyvalue or workflow' }),
  row('STCKF', 'name', formed(named), { required: 'name: a name of its own' }),
  row('S', 'runtime', runtimeShape),
  row('T', 'runtime', runtimeShape, { required: 'runtime: static' }),
  row('C', 'runtime', runtimeShape, { required: 'runtime: node' }),
  row('F', 'runtime', choice('a runtime of workflows', ['node', 'python']), { required: 'runtime: node' }),
  row('STCF', 'env', runtimeShape, { deprecated: { use: 'runtime', moves: true } }),
  row('S', 'plan', planShape('a plan', serverPlanNames)),
  row('C', 'plan', planShape('a plan of cron jobs', cronPlanNames)),
  row('K', 'plan', planShape('a plan of key-value services', keyValuePlanNames)),
  row('SCK', 'region', regionShape),
  row('F', 'region', regionShape, { required: 'region: oregon' }),
  row('STCF', 'repo', text),
  row('STCF', 'branch', text),
  row('STCF', 'rootDir', formed(insideRepository)),
  row('STCF', 'buildCommand', text),
  row('SC', 'startCommand', text),
  row('F', 'startCommand', text, { required: 'startCommand: node dist/main.js' }),
  row('STC', 'preDeployCommand', text),
  row('S', 'initialDeployHook', text),
  row('S', 'afterFirstDeployCommand', text, { deprecated: { use: 'initialDeployHook', moves: true } }),
  row('C', 'schedule', formed(schedule), { required: 'schedule: "0 3 * * *" (minute hour day month weekday, in UTC)' }),
  row('SC', 'dockerfilePath', formed(insideRepository)),
  row('SC', 'dockerContext', formed(insideRepository)),
  row('SC', 'dockerCommand', text),
  row('SC', 'registryCredential', credentialShape),
  row('SC', 'image', imageShape),
  row('S', 'buildSource', text),
  row('STCF', 'envVars', list(envVarShape)),
  row('STCF', 'buildFilter', buildFilterShape),
  row('STCF', 'autoDeployTrigger', trigger),
  row('STC', 'autoDeploy', boolean, { deprecated: { use: 'autoDeployTrigger', moves: true, as: { true: 'commit', false: 'off' } } }),
  row('S', 'healthCheckPath', formed(absolutePath)),
  row('S', 'maxShutdownDelaySeconds', integer(1, 300)),
  row('S', 'numInstances', integer(1)),
  row('S', 'scaling', record('scaling', [
    { key: 'minInstances', shape: integer(1), required: 'minInstances: 1' },
    { key: 'maxInstances', shape: integer(1), required: 'maxInstances: 3' },
    { key: 'targetCPUPercent', shape: percent },
    { key: 'targetMemoryPercent', shape: percent },
  ])),
  row('S', 'disk', record('disk', [
    { key: 'name', shape: formed(named), required: 'name: data' },
    { key: 'mountPath', shape: formed(absolutePath), required: 'mountPath: /var/data' },
    { key: 'sizeGB', shape: integer(1) },
  ])),
  row('ST', 'domains', list(text)),
  row('ST', 'domain', text, { deprecated: { use: 'domains' } }),
  row('ST', 'renderSubdomainPolicy', switched('a policy')),
  row('ST', 'ipAllowList', ipAllowListShape),
  row('K', 'ipAllowList', ipAllowListShape, { required: 'ipAllowList: [] (reachable from your own services only)' }),
  row('S', 'maintenanceMode', record('maintenanceMode', [
    { key: 'enabled', shape: boolean },
    { key: 'uri', shape: formed(absoluteUrl) },
  ])),
  row('S', 'previews', record('previews', [
    generation,
    { key: 'plan', shape: planShape('a plan', serverPlanNames) },
    { key: 'numInstances', shape: integer(1) },
  ])),
  row('T', 'previews', record('previews', [generation])),
  row('S', 'previewPlan', planShape('a plan', serverPlanNames), { deprecated: { use: 'previews.plan' } }),
  row('K', 'previewPlan', planShape('a plan of key-value services', keyValuePlanNames)),
  row('ST', 'pullRequestPreviewsEnabled', boolean, { deprecated: { use: 'previews.generation' } }),
  row('T', 'staticPublishPath', formed(insideRepository), { required: 'staticPublishPath: dist' }),
  row('T', 'headers', list(record('a header rule', [
    { key: 'path', shape: text, required: 'path: /*' },
    { key: 'name', shape: text, required: 'name: Cache-Control' },
    { key: 'value', shape: text, required: 'value: no-store' },
  ]))),
  row('T', 'routes', list(record('a route', [
    { key: 'type', shape: choice('a type of route', ['redirect', 'rewrite']), required: 'type: rewrite' },
    { key: 'source', shape: formed(routeSource), required: 'source: /*' },
    { key: 'destination', shape: text, required: 'destination: /index.html' },
  ]))),
  row('K', 'maxmemoryPolicy', choice('a policy', [
    'allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl', 'noeviction',
  ])),
  row('K', 'persistenceMode', choice('a way to persist', ['journal-snapshot', 'snapshot', 'off'], { instead: { false: "write 'off' in quotes" } })),
]

/** The fields of one form, in the table's order. */
export function fieldsOf(form: ServiceForm): readonly Field[] {
  return rows.filter((one) => one.forms.includes(form)).map((one) => one.field)
}

/** The forms that have a field of this name; none for a name that does not exist. */
export function formsWith(key: string): readonly ServiceForm[] {
  const letters = rows.filter((one) => one.field.key === key).map((one) => one.forms).join('')
  return (Object.keys(serviceForms) as ServiceForm[]).filter((form) => letters.includes(form))
}
