import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fakeDriver, manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema, contract, type Release } from '@plimsoll/model'
import { appDatabases, keyFile, openStore, type Connection, type Store } from '@plimsoll/store'
import { textOf, withTestServer } from '@plimsoll/store/test-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApiUnderTest, type ApiUnderTest } from './api-under-test.ts'

const server = withTestServer({ beforeAll, afterAll })
const app = appNameSchema.parse('shop')
const params = { app }
const cachePassword = 'the password of the cache'
const stripeKey = 'sk_live_51H_not_for_everybody'

const blueprintOf = (command: string): string => `databases:
  - name: main
services:
  - type: keyvalue
    name: cache
    ipAllowList: []
  - type: web
    name: web
    runtime: node
    buildCommand: npm run build
    preDeployCommand: ${command}
    startCommand: node web.js
    envVars:
      - { key: STRIPE_KEY, sync: false }
      - { key: SESSION_SECRET, generateValue: true }
      - key: DATABASE_URL
        fromDatabase: { name: main, property: connectionString }
      - key: CACHE_URL
        fromService: { type: keyvalue, name: cache, property: connectionString }
`

let api: ApiUnderTest
let connection: Connection
let store: Store
let home = ''
/** What the units were given. */
const given = new Set<string>()

beforeAll(async () => {
  const clock = manualClock({ auto: true, startsAt: Date.now() })
  // Everything that runs says all that it knows: at its start, in a command, and before it falls over.
  const told = (environment: Readonly<Record<string, string>>): string[] => {
    for (const [name, value] of Object.entries(environment)) if (/KEY|SECRET|URL/.test(name) && name !== 'RENDER_EXTERNAL_URL') given.add(value)
    return Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  }
  const driver = fakeDriver({
    clock,
    behaviour: ({ environment, spec }) => ({ prints: told(environment), ...(spec.preDeployCommand === 'fall over' && { exits: { code: 1 } }) }),
    command: ({ environment, command }) => ({ prints: told(environment), ...(command === 'fail' && { code: 1 }) }),
  })
  connection = await server.freshDatabase()
  home = await mkdtemp(join(tmpdir(), 'plimsoll-secrets-'))
  store = await openStore({ connection, keys: keyFile(join(home, 'secret-key')) })
  const databases = appDatabases({ server: server.postgres(), store })
  const ensure: NonNullable<Parameters<typeof startApiUnderTest>[1]>['ensure'] = async (of, wanted, signal) => ({
    databases: await databases.ensure(of, wanted.databases, signal), keyValues: { cache: { host: '127.0.0.1', port: 6379, password: cachePassword } },
  })
  api = await startApiUnderTest(store, { clock, driver, ensure })
})
afterAll(async () => {
  await api.close()
  await store.close()
  await rm(home, { recursive: true })
})

test('after releases that went well and badly, no secret stands in any column of any table', async () => {
  await api.client.call(contract.setValues, { params, body: { values: { 'web/STRIPE_KEY': stripeKey } } })
  const ends = [await released('migrate'), await released('fail'), await released('fall over')]
  expect(ends.map(({ outcome }) => (outcome !== undefined && 'problem' in outcome ? outcome.problem.code : outcome?.is))).toEqual(['completed', 'MIGRATION_FAILED', 'CANDIDATE_EXITED'])
  const { token } = await api.client.call(contract.createToken, { body: { name: 'ci', scope: 'releaser', days: 1 } })
  const { code } = await api.client.call(contract.inviteUser, { body: { name: 'Ada', grants: [{ app, role: 'admin' }] } })
  await api.client.call(contract.join, { body: { code, password: 'correct horse battery' } })

  const accounts = await api.store.databaseAccounts.of(app)
  const kept = await api.store.keptValues.values(app)
  const secrets = [stripeKey, cachePassword, token, code, 'correct horse battery', ...accounts.map(({ password }) => password), ...Object.values(kept), ...given]
  expect(secrets.length).toBeGreaterThan(9)
  expect(accounts).toHaveLength(1)
  expect(Object.keys(kept)).toEqual(['plimsoll/NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', 'web/SESSION_SECRET', 'web/STRIPE_KEY'])

  const text = await textOf(connection)
  expect(secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)))).toEqual([])
  // That this looks where they would be.
  expect(text).toContain('web/STRIPE_KEY')
  expect(text).toContain('STRIPE_KEY=[secret]')
})

test('secrets are sealed with another key while a release goes on, and it ends well', async () => {
  const release = await begun('migrate more')
  const done = await api.client.call(contract.rotateSecrets, {})
  expect(await settled(release)).toMatchObject({ outcome: { is: 'completed' } })
  expect(done).toMatchObject({ made: true, unopened: 0, dropped: [expect.any(String)] })
  expect(await api.client.call(contract.showSecrets, {})).toEqual({ from: join(home, 'secret-key'), keys: [{ id: done.current, is: 'current', secrets: expect.any(Number) }] })
})

/** As it is, and as bytes are written in a dump, in JSON and in a URL. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, '').slice(0, -1)]
}

async function begun(command: string): Promise<Release> {
  await api.write(blueprintOf(command))
  return api.client.call(contract.startRelease, { params, body: { source: { root: api.root, blueprint: 'render.yaml' } } })
}

async function released(command: string): Promise<Release> {
  return settled(await begun(command))
}

async function settled({ number }: Release): Promise<Release> {
  for await (const event of api.client.stream(contract.watchRelease, { params: { app, release: number } })) if (event.event === 'end') return event.data
  throw new Error('the stream ended before the release')
}
