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
    staging: { name: 'staging', driver: 'process', app: 'shop-staging', server: undefined, domains: false, cluster: undefined, values: { 'api/GREETING': 'hello', 'jobs/GREETING': 'hello' } },
    production: { name: 'production', driver: 'docker', app: 'shop', server: 'https://plimsoll.example.com', domains: true, cluster: undefined, values: { 'jobs/GREETING': 'good day' } },
  })
})

test('a place may tell of its cluster', async () => {
  expect(await read(`    production: { driver: 'swarm', managers: ['tcp://10.0.0.11:2376', 'ssh://ops@10.0.0.12'], registry: 'registry.example.com/shop', edgeImage: 'registry.example.com/edge@sha256:1', edgePort: 8080 },`)).toMatchObject({
    production: { cluster: { PLIMSOLL_SWARM_MANAGERS: 'tcp://10.0.0.11:2376,ssh://ops@10.0.0.12', PLIMSOLL_SWARM_REGISTRY: 'registry.example.com/shop', PLIMSOLL_SWARM_EDGE_IMAGE: 'registry.example.com/edge@sha256:1', PLIMSOLL_SWARM_EDGE_PORT: '8080' } },
  })
})

test('what is wrong with what a place tells of its cluster is told by name', async () => {
  const all = `registry: 'registry.example.com/shop', edgeImage: 'edge@sha256:1'`
  expect(await read(`
    half: { driver: 'swarm', managers: ['10.0.0.11'] },
    other: { driver: 'docker',
      registry: 'registry.example.com' },
    there: { driver: 'swarm', server: 'https://plimsoll.example.com', ${all},
      managers: ['tcp://10.0.0.11:2376'] },`)).toMatchInlineSnapshot(`
        [
          "plimsoll.config.ts:4:5 places.half.registry: is needed where a cluster is told of",
          "plimsoll.config.ts:4:5 places.half.edgeImage: is needed where a cluster is told of",
          "plimsoll.config.ts:4:41 places.half.managers[0]: must be written as DOCKER_HOST would be: tcp://10.0.0.11:2376",
          "plimsoll.config.ts:6:7 places.other.registry: tells of a cluster, and the driver of this place is not swarm",
          "plimsoll.config.ts:7:71 places.there.registry: is told to that server by whoever runs it (PLIMSOLL_SWARM_… there): a repository does not choose where another machine connects to",
          "plimsoll.config.ts:7:110 places.there.edgeImage: is told to that server by whoever runs it (PLIMSOLL_SWARM_… there): a repository does not choose where another machine connects to",
          "plimsoll.config.ts:8:7 places.there.managers: is told to that server by whoever runs it (PLIMSOLL_SWARM_… there): a repository does not choose where another machine connects to",
        ]
      `)
  expect(await read(`
    one: { driver: 'swarm', managers: ['tcp://10.0.0.11:2376'], ${all} },
    two: { driver: 'swarm', ${all},
      managers: ['tcp://10.0.9.9:2376'] },`)).toEqual(['plimsoll.config.ts:6:7 places.two.managers: tells of another cluster than one: a Plimsoll has one'])
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
