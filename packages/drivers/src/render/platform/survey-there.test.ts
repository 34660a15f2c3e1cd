import type { Change } from '@plimsoll/engine'
import { serviceNameSchema, type Blueprint, type BlueprintService, type EnvEntry } from '@plimsoll/model'
import { expect, test } from 'vitest'
import type { RenderService } from '../api/service-schemas.ts'
import type { Making } from './making.ts'
import { surveyThere, type SurveyParts } from './survey-there.ts'
import type { ServiceThere, There } from './there.ts'

const at = { line: 1, column: 1 }
const name = (text: string) => serviceNameSchema.parse(text)

function service(own: string, env: readonly EnvEntry[] = [], more: Partial<BlueprintService> = {}): BlueprintService {
  return { name: name(own), kind: 'web', runtime: 'node', at, env: [...env], buildEnv: [], domains: [], buildCommand: 'build', startCommand: 'start', ...more }
}

function blueprint(services: readonly BlueprintService[], more: Partial<Blueprint> = {}): Blueprint {
  return { file: 'render.yaml', services: [...services], databases: [], groups: [], environments: [], ...more }
}

function there(own: string, variables: Readonly<Record<string, string>> = {}, more: Partial<RenderService> = {}): ServiceThere {
  const made = '2026-01-01T00:00:00.000Z'
  const found: RenderService = {
    id: `srv-${own}`, name: own, slug: `${own}-x1`, ownerId: 'tea-1', type: 'web_service', autoDeploy: 'yes', suspended: 'not_suspended', createdAt: made, updatedAt: made, dashboardUrl: '',
    serviceDetails: { url: `https://${own}.onrender.com`, runtime: 'node', envSpecificDetails: { buildCommand: 'build', startCommand: 'start' } }, ...more,
  }
  return { service: found, variables: new Map(Object.entries(variables)), routes: [], headers: [], domains: [] }
}

const value = (key: string, text: string): EnvEntry => ({ is: 'value', key, value: text, at })

/** References to `host` of a service, as far as it is there, and values; enough to see what becomes of them. */
const resolve: SurveyParts['resolve'] = (wanted, { services, kept }) => {
  const missing: { service: string; variable: string; keptAs?: string }[] = []
  const environments = Object.fromEntries(wanted.services.map(({ name: own, env }) => [own, Object.fromEntries(env.flatMap((entry) => {
    if (entry.is === 'fromGroup') return []
    const keptAs = `${own}/${entry.key}`
    const found = entry.is === 'value' ? entry.value : entry.is === 'fromService' ? services[entry.service]?.host : kept[keptAs]
    if (found === undefined) missing.push({ service: own, variable: entry.key, ...(entry.is === 'kept' && { keptAs }) })
    return found === undefined ? [] : [[entry.key, { value: found, origin: entry.is, secret: false }]]
  }))]))
  return { environments, missing }
}

function survey(wanted: Blueprint, services: readonly ServiceThere[] = [], more: Partial<There> & Pick<Partial<SurveyParts>, 'kept'> = {}) {
  const all: There = { ownerId: 'tea-1', services: new Map(services.map((each) => [each.service.name, each])), databases: new Map(), keyValues: new Map(), groups: new Map(), projects: new Map(), credentials: new Map(), ...more }
  const { changes, left } = surveyThere({ blueprint: wanted, there: all, source: { root: '/repo', blueprint: 'render.yaml', commit: 'c', dirty: false }, kept: more.kept ?? {}, resolve, repo: 'https://github.com/ada/shop' })
  return { changes: changes.map(({ change }) => change), making: changes.map(({ making }) => making as Making), left }
}

test('what is there as it is wanted is not touched', () => {
  expect(survey(blueprint([service('web', [value('PORT', '1')])]), [there('web', { PORT: '1' })])).toEqual({ changes: [], making: [], left: [] })
})

test('a service that is not there is made with its repository and the variables that are known', () => {
  const { changes, making } = survey(blueprint([service('web', [value('PORT', '1')], { plan: 'pro plus', autoDeployTrigger: 'off', healthCheckPath: '/healthz', numInstances: 2 })]))
  expect(changes).toEqual([{ is: 'create', what: 'service', name: 'web', fields: [], services: ['web'] }])
  expect(making).toEqual([{ make: 'create-service', body: {
    type: 'web_service', name: 'web', ownerId: 'tea-1', repo: 'https://github.com/ada/shop', autoDeploy: 'no', envVars: [{ key: 'PORT', value: '1' }],
    serviceDetails: { runtime: 'node', plan: 'pro_plus', healthCheckPath: '/healthz', numInstances: 2, envSpecificDetails: { buildCommand: 'build', startCommand: 'start' } },
  } }])
})

test('what refers to a service that is not there yet is set when it is, and belongs to those that its making touches', () => {
  const wanted = blueprint([service('web', [{ is: 'fromService', key: 'API', service: name('api'), property: 'host', at }]), service('api')])
  const first = survey(wanted, [there('web')])
  expect(first.changes).toEqual([{ is: 'create', what: 'service', name: 'api', fields: [], services: ['api', 'web'] }])
  expect(survey(wanted, [there('web'), there('api')]).making).toEqual([{ make: 'put-variable', serviceId: 'srv-web', key: 'API', value: 'api-x1' }])
})

test('of a service that is there only what differs is sent, and what the Blueprint leaves out stays', () => {
  const wanted = blueprint([service('web', [], { plan: 'standard', startCommand: 'run', numInstances: 3 })])
  const { changes, making } = survey(wanted, [there('web', {}, { serviceDetails: { plan: 'starter', healthCheckPath: '/up', runtime: 'node', numInstances: 1, envSpecificDetails: { buildCommand: 'build', startCommand: 'start' } } })])
  expect(changes).toEqual([{ is: 'update', what: 'service', name: 'web', fields: ['plan', 'startCommand', 'numInstances'], services: ['web'] }])
  expect(making).toEqual([{ make: 'update-service', id: 'srv-web', body: { serviceDetails: { plan: 'standard', envSpecificDetails: { startCommand: 'run' } } }, instances: 3 }])
})

test('a pre-deploy command is shown in another place than it is set in, and is compared all the same', () => {
  const wanted = blueprint([service('web', [], { preDeployCommand: 'migrate' })])
  const found = (preDeployCommand: string) => there('web', {}, { serviceDetails: { runtime: 'node', envSpecificDetails: { buildCommand: 'build', startCommand: 'start', preDeployCommand } } })
  expect(survey(wanted, [found('migrate')]).changes).toEqual([])
  expect(survey(wanted, [found('other')]).making).toEqual([{ make: 'update-service', id: 'srv-web', body: { serviceDetails: { preDeployCommand: 'migrate' } }, instances: undefined }])
})

test('variables are set one by one, and one that the Blueprint does not own is never named', () => {
  const { making } = survey(blueprint([service('web', [value('A', '1'), value('B', '2')])]), [there('web', { A: '0', B: '2', THEIRS: 'x' })])
  expect(making).toEqual([{ make: 'put-variable', serviceId: 'srv-web', key: 'A', value: '1' }])
})

test('a generated value that is there already stays, whoever made it', () => {
  const wanted = blueprint([service('web', [{ is: 'generated', key: 'SECRET', at }])])
  expect(survey(wanted, [there('web', { SECRET: 'old' })], { kept: { 'web/SECRET': 'new' } }).changes).toEqual([])
  expect(survey(wanted, [there('web')], { kept: { 'web/SECRET': 'new' } }).making).toEqual([{ make: 'put-variable', serviceId: 'srv-web', key: 'SECRET', value: 'new' }])
})

test('a value that nobody keeps is left alone, which is said only where there is none at all', () => {
  const wanted = blueprint([service('web', [{ is: 'kept', key: 'STRIPE', at }])])
  expect(survey(wanted, [there('web', { STRIPE: 'theirs' })])).toEqual({ changes: [], making: [], left: [] })
  expect(survey(wanted, [there('web')]).left).toEqual(['STRIPE of web has no value and is left alone: keep one with Plimsoll as web/STRIPE, or set it in the dashboard'])
  expect(survey(wanted, [there('web', { STRIPE: 'theirs' })], { kept: { 'web/STRIPE': 'ours' } }).making).toMatchObject([{ make: 'put-variable', value: 'ours' }])
})

test('a group is made with its values, then linked, and its variables are set one by one after that', () => {
  const wanted = blueprint([service('web', [{ is: 'fromGroup', group: 'env', at }])], { groups: [{ name: 'env', at, env: [{ is: 'value', key: 'LEVEL', value: 'info', at }] }] })
  const group = { id: 'evg-1', name: 'env', ownerId: 'tea-1', createdAt: '', serviceLinks: [], envVars: [{ key: 'LEVEL', value: 'debug' }, { key: 'THEIRS', value: 'x' }] }
  expect(survey(wanted, [there('web')]).making).toEqual([{ make: 'create-group', body: { name: 'env', ownerId: 'tea-1', envVars: [{ key: 'LEVEL', value: 'info' }] } }])
  expect(survey(wanted, [there('web')], { groups: new Map([['env', group]]) }).making).toEqual([
    { make: 'put-group-variable', groupId: 'evg-1', key: 'LEVEL', value: 'info' }, { make: 'link-group', groupId: 'evg-1', serviceId: 'srv-web' },
  ])
})

test('databases and key-value services are made before what refers to them', () => {
  const wanted = blueprint([
    service('web', [{ is: 'fromDatabase', key: 'DATABASE_URL', database: 'db', property: 'connectionString', at }]),
    service('cache', [], { kind: 'keyvalue', runtime: '', maxmemoryPolicy: 'allkeys-lru', ipAllowList: [] }),
  ], { databases: [{ name: 'db', at, plan: 'basic-1gb', postgresMajorVersion: '16' }] })
  const { changes, making } = survey(wanted)
  expect(changes.map(({ what, services }) => [what, services])).toEqual([['database', ['web']], ['keyvalue', []], ['service', ['web']]])
  expect(making.slice(0, 2)).toEqual([
    { make: 'create-database', body: { name: 'db', ownerId: 'tea-1', plan: 'basic_1gb', version: '16' } },
    { make: 'create-keyvalue', body: { name: 'cache', ownerId: 'tea-1', plan: 'starter', maxmemoryPolicy: 'allkeys_lru', ipAllowList: [] } },
  ])
})

test('what cannot be changed there is said, and left', () => {
  const wanted = blueprint([service('web', [], { region: 'frankfurt' })])
  const { changes, left } = survey(wanted, [there('web', {}, { suspended: 'suspended', serviceDetails: { region: 'oregon', runtime: 'node', envSpecificDetails: { buildCommand: 'build', startCommand: 'start' } } })])
  expect(changes).toEqual([])
  expect(left).toEqual([expect.stringContaining('stays in oregon'), expect.stringContaining('is suspended there')])
})

test('a domain is added, and that its DNS has to lead there is said until it does', () => {
  const wanted = blueprint([service('web', [], { domains: ['shop.test'] })])
  const domain = (verificationStatus: 'verified' | 'unverified') => ({ ...there('web'), domains: [{ id: 'cdm-1', name: 'shop.test', verificationStatus }] })
  expect(survey(wanted, [there('web')])).toMatchObject({ making: [{ make: 'add-domain', serviceId: 'srv-web', domain: 'shop.test' }], left: [expect.stringContaining('shop.test does not lead to web yet')] })
  expect(survey(wanted, [domain('unverified')])).toMatchObject({ making: [], left: [expect.stringContaining('shop.test does not lead to web yet')] })
  expect(survey(wanted, [domain('verified')])).toEqual({ changes: [], making: [], left: [] })
})

test('a plan that the API does not know is said and not sent, and one that is another name is the same plan', () => {
  expect(survey(blueprint([service('web', [], { plan: '4c-8g' })]), [there('web')])).toEqual({ changes: [], making: [], left: ['plan of web is not set: Render’s API knows no plan 4c-8g. Choose it in the dashboard'] })
  expect(survey(blueprint([service('web', [], { plan: '0.5c-512mb' })]), [there('web')]).making).toMatchObject([{ body: { serviceDetails: { plan: 'starter' } } }])
})

test('a credential that the workspace has not is named', () => {
  const wanted = blueprint([service('web', [], { runtime: 'docker', registryCredential: 'ghcr' })])
  expect(survey(wanted).left).toEqual([expect.stringContaining('The registry credential ghcr of web is not in the workspace')])
  expect(survey(wanted, [], { credentials: new Map([['ghcr', 'rgc-1']]) })).toMatchObject({ left: [], making: [{ body: { serviceDetails: { envSpecificDetails: { registryCredentialId: 'rgc-1' } } } }] })
})

test('an environment that the Blueprint says nothing of keeps its isolation', () => {
  const project = { project: { id: 'prj-1', name: 'shop', createdAt: '', environmentIds: ['evm-1'] }, environments: [{ id: 'evm-1', name: 'live', projectId: 'prj-1', protectedStatus: 'protected', networkIsolationEnabled: true } as const] }
  const wanted = (more: object) => blueprint([], { environments: [{ project: 'shop', name: 'live', ...more }] })
  expect(survey(wanted({}), [], { projects: new Map([['shop', project]]) }).changes).toEqual([])
  expect(survey(wanted({ isolated: false }), [], { projects: new Map([['shop', project]]) }).making).toEqual([{ make: 'update-environment', id: 'evm-1', body: { networkIsolationEnabled: false } }])
})

test('rules of a static site that the Blueprint does not name stay, after its own', () => {
  const rule = { type: 'rewrite', source: '/*', destination: '/index.html' } as const
  const theirs = { type: 'redirect', source: '/old', destination: '/new' } as const
  const wanted = blueprint([service('docs', [], { kind: 'static', runtime: 'static', startCommand: undefined as never, staticSite: { publishPath: 'dist', headers: [], routes: [rule] } })])
  const found = { ...there('docs', {}, { type: 'static_site', serviceDetails: { buildCommand: 'build', publishPath: 'dist' } }), routes: [theirs] }
  expect(survey(wanted, [found]).making).toEqual([{ make: 'set-routes', serviceId: 'srv-docs', routes: [rule, theirs] }])
})

test('no change that is shown holds a value', () => {
  const shown: readonly Change[] = survey(blueprint([service('web', [value('A', 'hush')]), service('api', [value('B', 'hush')])]), [there('web')]).changes
  expect(JSON.stringify(shown)).not.toContain('hush')
})
