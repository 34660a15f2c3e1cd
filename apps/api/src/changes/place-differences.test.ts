import { expect, test } from 'vitest'
import { readBlueprint } from '../wiring.ts'
import { builtIntoArtifacts, placeDifferences } from './place-differences.ts'

const blueprint = readBlueprint(`
databases:
  - name: shop-db
services:
  - type: web
    name: api
    runtime: node
    buildCommand: npm run build
    startCommand: node api.js
    envVars:
      - { key: GREETING, sync: false }
      - { key: SAME, sync: false }
      - { key: PLAIN, value: x }
      - { key: SIGNING_KEY, generateValue: true }
      - { key: DATABASE_URL, fromDatabase: { name: shop-db, property: connectionString } }
  - type: web
    name: web
    runtime: node
    buildCommand: npm run build
    startCommand: node web.js
    envVars:
      - { key: NEXT_PUBLIC_NAME, sync: false }
      - key: ITS_GREETING
        fromService: { type: web, name: api, envVarKey: GREETING }
  - type: web
    name: docs
    runtime: static
    buildCommand: npm run build
    staticPublishPath: dist
    envVars:
      - { key: TITLE, sync: false }
`, 'render.yaml')
const there = { 'api/GREETING': 'a', 'api/SAME': 's', 'api/SIGNING_KEY': 'k', 'web/NEXT_PUBLIC_NAME': 'n', 'docs/TITLE': 't' }
const shown = (to: Readonly<Record<string, string>>): string[] => placeDifferences(blueprint, { from: there, to }).map(({ service, key, is }) => `${service}/${key} ${is}`).toSorted()

test('places with the same values do not differ, whatever their addresses are', () => {
  expect(shown(there)).toEqual([])
})

test('a value of its own is told for each service that it reaches, and one that nobody gave as missing', () => {
  expect(shown({ ...there, 'api/GREETING': 'b' })).toEqual(['api/GREETING different', 'web/ITS_GREETING different'])
  expect(shown({ ...there, 'api/SIGNING_KEY': 'other' })).toEqual(['api/SIGNING_KEY own'])
  expect(shown({})).toEqual(['api/GREETING missing', 'api/SAME missing', 'api/SIGNING_KEY own', 'docs/TITLE missing', 'web/ITS_GREETING missing', 'web/NEXT_PUBLIC_NAME missing'])
})

test('values are never told', () => {
  expect(JSON.stringify(placeDifferences(blueprint, { from: there, to: { ...there, 'api/GREETING': 'from-production' } }))).not.toContain('from-production')
})

test('what browsers see and all of a static site is in the artifacts, and nothing else', () => {
  const differences = placeDifferences(blueprint, { from: there, to: { 'api/GREETING': 'b', 'api/SAME': 't', 'web/NEXT_PUBLIC_NAME': 'm', 'docs/TITLE': 'u' } })
  expect(builtIntoArtifacts(blueprint, differences).map(({ service, key }) => `${service}/${key}`)).toEqual(['web/NEXT_PUBLIC_NAME', 'docs/TITLE'])
})
