import { previewGenerations } from '@plimsoll/model'
import { envVarShape } from './env-fields.ts'
import { cronPlanNames, keyValuePlanNames, serverPlanNames } from './plans.ts'
import type { Plain } from './remedy.ts'
import { boolean, choice, formed, integer, list, record, text, type Field, type Shape } from './shape.ts'
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

const serviceTypes = ['web', 'pserv', 'worker', 'cron', 'keyvalue', 'workflow'] as const
export const nativeRuntimes = ['node', 'python', 'ruby', 'go', 'rust', 'elixir'] as const
const runtimes: readonly string[] = [...nativeRuntimes, 'docker', 'image', 'static']
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
/** What `pullRequestPreviewsEnabled` and `previewsEnabled` say, as `previews` says it. */
export const asGeneration = (enabled: unknown): Plain => ({ generation: enabled === true ? 'automatic' : 'off' })
const percent = integer(1, 90)

type Row = readonly [forms: string, key: string, shape: Shape, more?: Pick<Field, 'required' | 'supply' | 'deprecated'>]

/** Every field of a service: the forms that have it, its name, its shape. */
const rows: readonly Row[] = [
  ['STCKF', 'type', typeShape, { required: 'type: web, pserv, worker, cron, keyvalue or workflow' }],
  ['STCKF', 'name', formed(named), { required: 'name: a name of its own' }],
  ['S', 'runtime', runtimeShape],
  ['T', 'runtime', runtimeShape, { required: 'runtime: static' }],
  ['C', 'runtime', runtimeShape, { required: 'runtime: node' }],
  ['F', 'runtime', choice('a runtime of workflows', ['node', 'python']), { required: 'runtime: node' }],
  ['STCF', 'env', runtimeShape, { deprecated: { use: 'runtime', moves: true } }],
  ['S', 'plan', planShape('a plan', serverPlanNames)],
  ['C', 'plan', planShape('a plan of cron jobs', cronPlanNames)],
  ['K', 'plan', planShape('a plan of key-value services', keyValuePlanNames)],
  ['SCK', 'region', regionShape],
  ['F', 'region', regionShape, { required: 'region: oregon' }],
  ['STCF', 'repo', text],
  ['STCF', 'branch', text],
  ['STCF', 'rootDir', formed(insideRepository)],
  ['STCF', 'buildCommand', text],
  ['SC', 'startCommand', text],
  ['F', 'startCommand', text, { required: 'startCommand: node dist/main.js' }],
  ['STC', 'preDeployCommand', text],
  ['S', 'initialDeployHook', text],
  ['S', 'afterFirstDeployCommand', text, { deprecated: { use: 'initialDeployHook', moves: true } }],
  ['C', 'schedule', formed(schedule), { required: 'schedule: "0 3 * * *" (minute hour day month weekday, in UTC)' }],
  ['SC', 'dockerfilePath', formed(insideRepository)],
  ['SC', 'dockerContext', formed(insideRepository)],
  ['SC', 'dockerCommand', text],
  ['SC', 'registryCredential', credentialShape],
  ['SC', 'image', imageShape],
  ['S', 'buildSource', text],
  ['STCF', 'envVars', list(envVarShape)],
  ['STCF', 'buildFilter', buildFilterShape],
  ['STCF', 'autoDeployTrigger', trigger],
  ['STC', 'autoDeploy', boolean, { deprecated: { use: 'autoDeployTrigger', moves: true, as: { true: 'commit', false: 'off' } } }],
  ['S', 'healthCheckPath', formed(absolutePath)],
  ['S', 'maxShutdownDelaySeconds', integer(1, 300)],
  ['S', 'numInstances', integer(1)],
  ['S', 'scaling', record('scaling', [
    { key: 'minInstances', shape: integer(1), required: 'minInstances: 1' },
    { key: 'maxInstances', shape: integer(1), required: 'maxInstances: 3' },
    { key: 'targetCPUPercent', shape: percent },
    { key: 'targetMemoryPercent', shape: percent },
  ])],
  ['S', 'disk', record('disk', [
    { key: 'name', shape: formed(named), required: 'name: data' },
    { key: 'mountPath', shape: formed(absolutePath), required: 'mountPath: /var/data' },
    { key: 'sizeGB', shape: integer(1) },
  ])],
  ['ST', 'domains', list(text)],
  ['ST', 'domain', text, { deprecated: { use: 'domains', into: (domain) => [domain] } }],
  ['ST', 'renderSubdomainPolicy', switched('a policy')],
  ['ST', 'ipAllowList', ipAllowListShape],
  ['K', 'ipAllowList', ipAllowListShape, { required: 'ipAllowList: [] (reachable from your own services only)', supply: [] }],
  ['S', 'maintenanceMode', record('maintenanceMode', [
    { key: 'enabled', shape: boolean },
    { key: 'uri', shape: formed(absoluteUrl) },
  ])],
  ['S', 'previews', record('previews', [
    generation,
    { key: 'plan', shape: planShape('a plan', serverPlanNames) },
    { key: 'numInstances', shape: integer(1) },
  ])],
  ['T', 'previews', record('previews', [generation])],
  ['S', 'previewPlan', planShape('a plan', serverPlanNames), { deprecated: { use: 'previews.plan', into: (plan) => ({ plan }) } }],
  ['K', 'previewPlan', planShape('a plan of key-value services', keyValuePlanNames)],
  ['ST', 'pullRequestPreviewsEnabled', boolean, { deprecated: { use: 'previews.generation', into: asGeneration } }],
  ['T', 'staticPublishPath', formed(insideRepository), { required: 'staticPublishPath: dist' }],
  ['T', 'headers', list(record('a header rule', [
    { key: 'path', shape: text, required: 'path: /*' },
    { key: 'name', shape: text, required: 'name: Cache-Control' },
    { key: 'value', shape: text, required: 'value: no-store' },
  ]))],
  ['T', 'routes', list(record('a route', [
    { key: 'type', shape: choice('a type of route', ['redirect', 'rewrite']), required: 'type: rewrite' },
    { key: 'source', shape: formed(routeSource), required: 'source: /*' },
    { key: 'destination', shape: text, required: 'destination: /index.html' },
  ]))],
  ['K', 'maxmemoryPolicy', choice('a policy', [
    'allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-lfu', 'volatile-random', 'volatile-ttl', 'noeviction',
  ])],
  ['K', 'persistenceMode', choice('a way to persist', ['journal-snapshot', 'snapshot', 'off'], { instead: { false: "write 'off' in quotes" } })],
]

/** The fields of one form, in the table's order. */
export function fieldsOf(form: ServiceForm): readonly Field[] {
  return rows.filter(([forms]) => forms.includes(form)).map(([, key, shape, more]) => ({ key, shape, ...more }))
}

/** The forms that have a field of this name; none for a name that does not exist. */
export function formsWith(key: string): readonly ServiceForm[] {
  const letters = rows.filter((row) => row[1] === key).map(([forms]) => forms).join('')
  return (Object.keys(serviceForms) as ServiceForm[]).filter((form) => letters.includes(form))
}
