import { blueprintSchema, type Blueprint, type Surroundings } from '@plimsoll/model'
import { describe, expect, test } from 'vitest'
import { generateValue, valuesToGenerate } from './generated-values.ts'
import { parseBlueprint } from './parse-blueprint.ts'
import { resolveEnvironments } from './resolve-environments.ts'

const surroundings: Surroundings = {
  services: { web: { host: '127.0.0.1', port: 4001 }, api: { host: '127.0.0.1', port: 4002 }, inner: { host: '::1', port: 4003 }, kv: { host: '127.0.0.1', port: 6379 } },
  publicUrls: { web: 'http://web.localhost:8080', help: 'http://help.localhost:8080' },
  databases: { db: { host: '127.0.0.1', port: 5432, user: 'shop', password: 'p@ss/word', database: 'shop db' } },
  keyValuePasswords: { kv: 'k:v' },
  kept: {},
  git: { commit: 'abc123', branch: 'main' },
}
const native = 'runtime: node, buildCommand: b, startCommand: s'

function understood(text: string): Blueprint {
  const { blueprint, diagnostics } = parseBlueprint(text, { file: 'render.yaml' })
  if (blueprint === undefined) throw new Error(JSON.stringify(diagnostics))
  return blueprint
}

/** The environment of `api` in a Blueprint where it has these entries, beside one service of every kind. */
function resolved(entries: string, more: { kept?: Surroundings['kept']; phase?: 'build' | 'run'; rest?: string } = {}) {
  const blueprint = understood(`
services:
  - { type: web, name: api, ${native}, envVars: [${entries}] }
  - { type: web, name: web, ${native}, plan: pro, envVars: [{ key: PORT, value: 3000 }, { key: SELF, fromService: { type: web, name: web, envVarKey: RENDER_EXTERNAL_URL } }, { key: STRIPE, sync: false }] }
  - { type: pserv, name: inner, runtime: docker }
  - { type: web, name: help, runtime: static, staticPublishPath: dist }
  - { type: keyvalue, name: kv, ipAllowList: [] }
databases: [{ name: db, readReplicas: [{ name: copy }] }]
${more.rest ?? ''}`)
  const { environments, missing } = resolveEnvironments(blueprint, { ...surroundings, kept: { 'web/STRIPE': 'sk_1', ...more.kept } }, { phase: more.phase ?? 'run' })
  return { of: (service: string) => environments[service] ?? {}, api: environments.api ?? {}, missing, environments }
}
const service = (what: string, name = 'web', type = 'web') => `{ key: X, fromService: { type: ${type}, name: ${name}, ${what} } }`
const database = (property: string, name = 'db') => `{ key: X, fromDatabase: { name: ${name}, property: ${property} } }`

describe('resolveEnvironments', () => {
  test.each([
    [service('property: host'), '127.0.0.1', false, 'fromService web.host'],
    [service('property: port'), '4001', false, 'fromService web.port'],
    [service('property: hostport'), '127.0.0.1:4001', false, 'fromService web.hostport'],
    [service('property: hostport', 'inner', 'pserv'), '[::1]:4003', false, 'fromService inner.hostport'],
    [service('property: slug'), 'web', false, 'fromService web.slug'],
    [service('property: connectionString', 'kv', 'redis'), 'redis://default:k%3Av@127.0.0.1:6379', true, 'fromService kv.connectionString'],
    [service('envVarKey: RENDER_EXTERNAL_URL'), 'http://web.localhost:8080', false, 'fromService web RENDER_EXTERNAL_URL'],
    [service('envVarKey: RENDER_EXTERNAL_HOSTNAME', 'help', 'static'), 'help.localhost', false, 'fromService help RENDER_EXTERNAL_HOSTNAME'],
    [service('envVarKey: PORT'), '3000', false, 'fromService web PORT'],
    [service('envVarKey: PORT', 'inner', 'pserv'), '4003', false, 'fromService inner PORT'],
    [service('envVarKey: SELF'), 'http://web.localhost:8080', false, 'fromService web SELF'],
    [service('envVarKey: STRIPE'), 'sk_1', true, 'fromService web STRIPE'],
    [database('connectionString'), 'postgresql://shop:p%40ss%2Fword@127.0.0.1:5432/shop%20db', true, 'fromDatabase db.connectionString'],
    [database('connectionPoolString'), 'postgresql://shop:p%40ss%2Fword@127.0.0.1:5432/shop%20db', true, 'fromDatabase db.connectionPoolString'],
    [database('host', 'copy'), '127.0.0.1', false, 'fromDatabase copy.host'],
    [database('port'), '5432', false, 'fromDatabase db.port'],
    [database('user'), 'shop', false, 'fromDatabase db.user'],
    [database('password'), 'p@ss/word', true, 'fromDatabase db.password'],
    [database('database'), 'shop db', false, 'fromDatabase db.database'],
    ['{ key: X, value: 1 }', '1', false, 'value'],
    ['{ key: X, value: "redis://u:p@h" }', 'redis://u:p@h', true, 'value'],
  ])('%s gives %s', (entry, ...[value, secret, origin]) => {
    expect(resolved(entry).api.X).toEqual({ value, secret, origin })
  })

  test('lets a service beat its groups, and a later group an earlier one, in any order of entries', () => {
    const rest = 'envVarGroups: [{ name: g, envVars: [{ key: A, value: g }, { key: B, value: g }, { key: C, value: g }] }, { name: h, envVars: [{ key: B, value: h }, { key: C, value: h }] }]'
    const { api } = resolved('{ key: C, value: own }, { fromGroup: g }, { fromGroup: h }', { rest })
    expect([api.A, api.B, api.C]).toEqual([
      { value: 'g', origin: 'group "g"', secret: false },
      { value: 'h', origin: 'group "h"', secret: false },
      { value: 'own', origin: 'value', secret: false },
    ])
  })

  test('injects what Render injects, truthfully for this place', () => {
    const { of } = resolved('')
    const values = (name: string) => Object.fromEntries(Object.entries(of(name)).map(([key, { value }]) => [key, value]))
    const common = { RENDER: 'true', IS_PULL_REQUEST: 'false', RENDER_GIT_COMMIT: 'abc123', RENDER_GIT_BRANCH: 'main' }
    expect(values('web')).toMatchObject({
      ...common, RENDER_SERVICE_NAME: 'web', RENDER_SERVICE_TYPE: 'web', RENDER_EXTERNAL_URL: 'http://web.localhost:8080', RENDER_EXTERNAL_HOSTNAME: 'web.localhost',
      RENDER_DISCOVERY_SERVICE: 'web-discovery', RENDER_CPU_COUNT: '2', WEB_CONCURRENCY: '2', NODE_ENV: 'production', NODE_MODULES_CACHE: 'true',
    })
    expect(values('web').RENDER_SERVICE_ID).toMatch(/^srv-[0-9a-f]{20}$/)
    expect(Object.keys(values('inner')).toSorted()).toEqual([
      'IS_PULL_REQUEST', 'RENDER', 'RENDER_CPU_COUNT', 'RENDER_DISCOVERY_SERVICE', 'RENDER_GIT_BRANCH', 'RENDER_GIT_COMMIT', 'RENDER_SERVICE_ID',
      'RENDER_SERVICE_NAME', 'RENDER_SERVICE_TYPE', 'RENDER_WEB_CONCURRENCY', 'WEB_CONCURRENCY',
    ])
    expect(values('help')).toMatchObject({ ...common, RENDER_SERVICE_TYPE: 'static', RENDER_EXTERNAL_URL: 'http://help.localhost:8080' })
  })

  test('gives the address nobody can change by hand to the driver: no PORT, no instance id', () => {
    const { api } = resolved('')
    expect(Object.keys(api)).not.toContain('PORT')
    expect(Object.keys(api)).not.toContain('RENDER_INSTANCE_ID')
    expect(resolved('{ key: PORT, value: 3000 }').api.PORT?.value).toBe('3000')
  })

  test('keeps NODE_ENV=production out of builds unless the Blueprint asks for it', () => {
    expect(resolved('', { phase: 'build' }).api.NODE_ENV).toBeUndefined()
    expect(resolved('', { phase: 'build' }).api.WEB_CONCURRENCY).toBeUndefined()
    expect(resolved('{ key: NODE_ENV, value: production }', { phase: 'build' }).api.NODE_ENV?.value).toBe('production')
    expect(resolved('{ key: NODE_ENV, value: test }').api.NODE_ENV?.value).toBe('test')
  })

  test('resolves private addresses for builds as for runs', () => {
    expect(resolved(service('property: hostport'), { phase: 'build' }).api.X?.value).toBe('127.0.0.1:4001')
  })

  test('takes generated and outside values from what is kept, as secrets', () => {
    const rest = 'envVarGroups: [{ name: g, envVars: [{ key: SALT, generateValue: true }] }]'
    const kept = { 'api/A': 'made', 'api/B': 'told', 'group:g/SALT': 'salt' }
    const { api, missing } = resolved('{ key: A, generateValue: true }, { key: B, sync: false }, { fromGroup: g }', { rest, kept })
    expect(missing).toEqual([])
    expect([api.A, api.B, api.SALT]).toEqual([
      { value: 'made', origin: 'generated', secret: true },
      { value: 'told', origin: 'plimsoll env set', secret: true },
      { value: 'salt', origin: 'group "g", generated', secret: true },
    ])
  })

  test('names everything that is missing at once, and where the Blueprint asks for it', () => {
    const { api, missing } = resolved(`{ key: A, sync: false }, { key: B, generateValue: true }, { key: C, fromService: { type: web, name: api, envVarKey: A } }`)
    expect(missing).toEqual([
      { service: 'api', variable: 'A', why: 'kept', keptAs: 'api/A', origin: 'plimsoll env set', line: 3, column: 88 },
      { service: 'api', variable: 'B', why: 'generated', keptAs: 'api/B', origin: 'generated', line: 3, column: 113 },
      { service: 'api', variable: 'C', why: 'kept', keptAs: 'api/A', origin: 'plimsoll env set', line: 3, column: 146 },
    ])
    expect([api.A, api.B, api.C]).toEqual([undefined, undefined, undefined])
  })

  test('puts no injected value where the Blueprint wants one that is missing', () => {
    const { api, missing } = resolved('{ key: NODE_ENV, sync: false }')
    expect(missing.map(({ variable }) => variable)).toEqual(['NODE_ENV'])
    expect(api.NODE_ENV).toBeUndefined()
  })

  test('reports an address that the place does not know', () => {
    const blueprint = understood(`services: [{ type: web, name: lost, ${native}, envVars: [{ key: X, fromService: { type: web, name: lost, property: host } }, { key: Y, fromService: { type: web, name: lost, envVarKey: RENDER_EXTERNAL_URL } }] }]`)
    const { missing } = resolveEnvironments(blueprint, surroundings, { phase: 'run' })
    expect(missing.map(({ variable, why }) => [variable, why])).toEqual([['X', 'address'], ['Y', 'address']])
  })

  test('ends when variables refer to each other in a circle, also in a Blueprint that was not parsed', () => {
    const at = { line: 1, column: 1 }
    const entry = (key: string, variable: string) => ({ is: 'fromVariable', key, service: 'a', variable, at })
    const blueprint = blueprintSchema.parse({
      file: 'x', databases: [], groups: [], environments: [],
      services: [{ name: 'a', kind: 'worker', runtime: 'docker', at, domains: [], buildEnv: [], env: [entry('X', 'Y'), entry('Y', 'X')] }],
    })
    expect(resolveEnvironments(blueprint, surroundings, { phase: 'run' }).missing.map(({ why }) => why)).toEqual(['cycle', 'cycle'])
  })

  test('gives the variables of a build source to builds only', () => {
    const blueprint = understood('services: [{ type: web, name: w, buildSource: s, startCommand: x }]\nbuildSources: [{ name: s, git: { repo: r, runtime: node, buildCommand: b, envVars: [{ key: A, value: 1 }] } }]')
    expect(resolveEnvironments(blueprint, surroundings, { phase: 'build' }).environments.w?.A?.value).toBe('1')
    expect(resolveEnvironments(blueprint, surroundings, { phase: 'run' }).environments.w?.A).toBeUndefined()
  })

  test('gives variables called like parts of JavaScript their place', () => {
    expect(Object.entries(resolved('{ key: __proto__, value: x }').api).find(([key]) => key === '__proto__')?.[1]).toEqual({ value: 'x', origin: 'value', secret: false })
  })

  test('writes a database behind a unix socket as clients expect it', () => {
    const blueprint = understood(`services: [{ type: worker, name: w, runtime: docker, envVars: [${database('connectionString')}] }]\ndatabases: [{ name: db }]`)
    const db = { host: '/run/pg', port: 5432, user: 'u', password: 'p', database: 'd' }
    const { environments } = resolveEnvironments(blueprint, { ...surroundings, databases: { db } }, { phase: 'run' })
    expect(environments.w?.X?.value).toBe('postgresql://u:p@/d?host=%2Frun%2Fpg&port=5432')
  })
})

describe('generated values', () => {
  test('are named once each, by their service or group', () => {
    const blueprint = understood(`
services: [{ type: worker, name: a, runtime: docker, envVars: [{ key: S, generateValue: true }, { fromGroup: g }] }, { type: worker, name: b, runtime: docker, envVars: [{ key: S, generateValue: true }, { fromGroup: g }] }]
envVarGroups: [{ name: g, envVars: [{ key: T, generateValue: true }, { key: U, value: 1 }] }]`)
    expect(valuesToGenerate(blueprint)).toEqual(['a/S', 'b/S', 'group:g/T'])
  })

  test('are base64 of 256 bits', () => {
    expect(generateValue((count) => new Uint8Array(count).fill(255))).toBe(`${'/'.repeat(42)}8=`)
  })
})
