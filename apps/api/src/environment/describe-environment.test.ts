import { expect, test } from 'vitest'
import { readBlueprint } from '../wiring.ts'
import { describeEnvironment } from './describe-environment.ts'

const blueprint = readBlueprint(`
envVarGroups:
  - name: mail
    envVars:
      - { key: SIGNING_KEY, generateValue: true }
      - { key: SMTP_HOST, value: mail.example.com }
databases:
  - name: shop-db
services:
  - type: web
    name: api
    runtime: node
    buildCommand: npm run build
    startCommand: node api.js
    envVars:
      - fromGroup: mail
      - { key: SMTP_PASSWORD, sync: false }
      - { key: SMTP_HOST, value: localhost }
      - { key: DATABASE_URL, fromDatabase: { name: shop-db, property: connectionString } }
      - { key: NODE_ENV, value: production }
      - { key: SESSION_SECRET, generateValue: true }
  - type: worker
    name: mailer
    runtime: node
    buildCommand: npm run build
    startCommand: node mailer.js
    envVars:
      - { key: PASSWORD_OF_API, fromService: { type: web, name: api, envVarKey: SMTP_PASSWORD } }
  - type: web
    name: help
    runtime: static
    buildCommand: npm run docs
    staticPublishPath: ./out
`, 'render.yaml')

const told = (kept: readonly string[]) => {
  const { services, ...rest } = describeEnvironment(blueprint, kept)
  return { ...rest, of: Object.fromEntries(services.map(({ service, variables }) => [service, Object.fromEntries(variables.map(({ key, origin, state }) => [key, `${origin}: ${state}`]))])) }
}

test('says of every variable where its value comes from, the own entry before that of a group', () => {
  expect(told([]).of['api']).toMatchObject({
    SMTP_HOST: 'value: set', SMTP_PASSWORD: 'plimsoll env set: missing', SIGNING_KEY: 'group "mail", generated: to come', DATABASE_URL: 'fromDatabase shop-db.connectionString: set',
    NODE_ENV: 'value: set', SESSION_SECRET: 'generated: to come', PORT: 'injected: set', RENDER_SERVICE_NAME: 'injected: set',
  })
  expect(Object.keys(told([]).of['help'] ?? {})).not.toContain('PORT')
})

test('what is missing in one service is missing in those that take it from there, and is one value to set', () => {
  expect(told([]).of['mailer']).toMatchObject({ PASSWORD_OF_API: 'fromService api SMTP_PASSWORD: missing' })
  expect(told([]).given).toEqual([{ keptAs: 'api/SMTP_PASSWORD', isSet: false, services: ['api', 'mailer'] }])
  const set = told(['api/SMTP_PASSWORD', 'api/SESSION_SECRET', 'api/OLD'])
  expect([set.given[0]?.isSet, set.of['mailer']?.['PASSWORD_OF_API'], set.of['api']?.['SESSION_SECRET'], set.unused]).toEqual([true, 'fromService api SMTP_PASSWORD: set', 'generated: set', ['api/OLD']])
})
