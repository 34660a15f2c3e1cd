import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPlimsollError, formatDiagnostic, type Diagnostic } from '@plimsoll/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readPlaces } from './read-place.ts'

const blueprint = `
services:
  - type: web
    name: api
    runtime: node
    buildCommand: npm run build
    startCommand: node api.js
    envVars:
      - { key: GREETING, sync: false }
      - { key: FIXED, value: here }
      - { key: STRIPE_KEY, sync: false }
      - { key: SIGNING_KEY, generateValue: true }
      - { key: TAG, generateValue: true }
  - type: worker
    name: jobs
    runtime: node
    buildCommand: npm run build
    startCommand: node jobs.js
    envVars:
      - { key: GREETING, sync: false }
`

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'places-'))
  await writeFile(join(root, 'render.yaml'), blueprint)
})
afterEach(async () => rm(root, { recursive: true }))

async function read(places: string): Promise<unknown> {
  await writeFile(join(root, 'plimsoll.config.ts'), `export default {\n  places: {\n${places}\n  },\n}\n`)
  try {
    return Object.fromEntries(await readPlaces({ root, blueprint: 'render.yaml', app: 'shop', environment: { PATH: process.env['PATH'] ?? '' } }, new AbortController().signal))
  } catch (error) {
    if (!isPlimsollError(error) || error.code !== 'CONFIG_INVALID') throw error
    return ((error.details as { readonly diagnostics: readonly Diagnostic[] }).diagnostics).map(formatDiagnostic)
  }
}

test('a place is an app of its own, with its variables under the keys that they are kept by', async () => {
  expect(await read(`
    staging: { driver: 'process', domains: false, variables: { GREETING: 'hello' } },
    production: { driver: 'docker', app: 'shop', server: 'https://plimsoll.example.com', variables: { 'jobs/GREETING': 'good day' } },`)).toEqual({
    staging: { name: 'staging', driver: 'process', app: 'shop-staging', server: undefined, domains: false, values: { 'api/GREETING': 'hello', 'jobs/GREETING': 'hello' } },
    production: { name: 'production', driver: 'docker', app: 'shop', server: 'https://plimsoll.example.com', domains: true, values: { 'jobs/GREETING': 'good day' } },
  })
})

test('a repository without a configuration names none', async () => {
  expect([...(await readPlaces({ root, blueprint: 'render.yaml', app: 'shop', environment: {} }, new AbortController().signal))]).toEqual([])
})

test('mistakes in their form are told together, each at its own place', async () => {
  expect(await read(`    process: { driver: 'process' },
    swarm: { driver: 'docker' },
    Staging: { driver: 'process' },`)).toEqual([
    'plimsoll.config.ts:3:5 places.process: is the name of a driver, and --to could mean either',
    'plimsoll.config.ts:4:5 places.swarm: is the name of a driver, and --to could mean either',
    'plimsoll.config.ts:5:5 places.Staging: must be lower-case letters, digits and dashes, and begin with a letter',
  ])
  expect(await read(`    staging: { driver: 'nomad',
      server: 'plimsoll.example.com', app: 'No Name',
      variable: {} },`)).toEqual([
    expect.stringMatching(/^plimsoll\.config\.ts:3:16 places\.staging\.driver: invalid option/),
    expect.stringMatching(/^plimsoll\.config\.ts:4:7 places\.staging\.server: invalid url/i),
    expect.stringMatching(/^plimsoll\.config\.ts:4:39 places\.staging\.app: must be lower-case/),
    'plimsoll.config.ts:5:7 places.staging.variable: is no setting that is known',
  ])
})

test('secrets, variables that the Blueprint does not leave open, and one app twice are mistakes too, and no value is told', async () => {
  const told = await read(`    staging: { driver: 'process', variables: {
      STRIPE_KEY: 'sk_live_' + 'a'.repeat(20),
      'api/GREETING': 'postgres://u:pw@db/x',
      FIXED: 'there',
      TAG: 'none',
      'api/SIGNING_KEY': 'mine, and long',
    } },
    other: { driver: 'process', app: 'shop-staging' },`)
  expect(told).toEqual([
    'plimsoll.config.ts:4:7 places.staging.variables.STRIPE_KEY: holds a Stripe key, and a configuration is read by everybody: plimsoll env set --app shop-staging api/STRIPE_KEY=…',
    expect.stringMatching(/^plimsoll\.config\.ts:5:7 places\.staging\.variables\.api\/GREETING: holds an address with its password/),
    'plimsoll.config.ts:6:7 places.staging.variables.FIXED: is no variable that the Blueprint leaves open: mark it with sync: false there',
    'plimsoll.config.ts:7:7 places.staging.variables.TAG: is no variable that the Blueprint leaves open: mark it with sync: false there',
    expect.stringMatching(/^plimsoll\.config\.ts:8:7 places\.staging\.variables\.api\/SIGNING_KEY: holds a secret/),
    'plimsoll.config.ts:10:5 places.other: is the same app as staging: shop-staging',
  ])
  expect(JSON.stringify(told)).not.toMatch(/sk_live|:pw@|mine, and/)
})
