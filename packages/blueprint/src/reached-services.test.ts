import { expect, test } from 'vitest'
import { parseBlueprint } from './parse-blueprint.ts'
import { unitSpecs } from './unit-specs.ts'

const service = (name: string, variables: string, type = 'pserv') => `
  - { type: ${type}, name: ${name}, runtime: node, buildCommand: b, startCommand: s, envVars: [${variables}] }`

function reached(...services: string[]): Record<string, readonly string[]> {
  const { blueprint, diagnostics } = parseBlueprint(`services:${services.join('')}`, { file: 'render.yaml' })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return Object.fromEntries(unitSpecs(blueprint ?? expect.fail('no Blueprint')).map((spec) => [spec.service, spec.reaches]))
}

const from = (key: string, property: string, target: string) => `{ key: ${key}, fromService: { type: ${target.split(' ')[0]}, name: ${target.split(' ')[1]}, property: ${property} } }`

test('names each service whose private address it is told, once', () => {
  expect(reached(service('web', `${from('A', 'host', 'pserv api')}, ${from('B', 'port', 'pserv api')}, ${from('C', 'hostport', 'pserv auth')}`, 'web'), service('api', ''), service('auth', '')))
    .toEqual({ web: ['api', 'auth'], api: [], auth: [] })
})

test('follows the variable of another service to the address that it holds', () => {
  const to = '{ key: A, fromService: { type: worker, name: mailer, envVarKey: API } }'
  expect(reached(service('web', to, 'web'), service('mailer', from('API', 'hostport', 'pserv api'), 'worker'), service('api', '')))
    .toEqual({ web: ['api'], mailer: ['api'], api: [] })
})

test('does not count a key-value service, a public address, or itself', () => {
  const own = from('SELF', 'hostport', 'web web')
  const variables = `${own}, ${from('REDIS', 'connectionString', 'keyvalue cache')}, { key: URL, fromService: { type: web, name: shop, envVarKey: RENDER_EXTERNAL_URL } }`
  const cache = '\n  - { type: keyvalue, name: cache, ipAllowList: [] }'
  expect(reached(service('web', variables, 'web'), service('shop', '', 'web'), cache)).toEqual({ web: [], shop: [] })
})
