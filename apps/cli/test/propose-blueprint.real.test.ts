import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseBlueprint } from '@plimsoll/blueprint'
import { findApps, readRepository, type FoundRepository } from '@plimsoll/repository/apps'
import { lonelyApp, npmShop, pnpmShop, turboStarter, yarnShop, type Monorepo } from '@plimsoll/repository/monorepos'
import { scratchRepository } from '@plimsoll/repository/scratch-repository'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { composeFile } from '../src/init/compose-file.ts'
import { blueprintFor, proposalFor, type Answers } from '../src/init/propose-blueprint.ts'
import { answersTo, questionsFor } from '../src/init/questions.ts'
import { suitesConfig } from '../src/init/suites-config.ts'

const schemaFile = join(import.meta.dirname, '../../../../shared/data/render-blueprint.schema.json')
const skipped = existsSync(schemaFile) ? '' : ` (skipped: no ${schemaFile})`
const shapes = { turboStarter, pnpmShop, npmShop, yarnShop, lonelyApp } satisfies Record<string, Monorepo>

async function findIn(files: Monorepo): Promise<FoundRepository> {
  const repository = await scratchRepository(files, { git: false })
  try {
    const signal = new AbortController().signal
    return await findApps(await readRepository(repository.root, signal), signal)
  } finally {
    await repository.remove()
  }
}

function textFor(found: FoundRepository, { values = new Map(), dockerfiles = new Map() }: Partial<Pick<Answers, 'values' | 'dockerfiles'>> = {}): string {
  return blueprintFor(proposalFor(found, { values }), { region: 'frankfurt', values, dockerfiles })
}

const envSchema = z.record(z.string(), z.unknown())
const blueprintSchema = z.object({ services: z.array(z.looseObject({ name: z.string(), envVars: z.array(envSchema).default([]) })), databases: z.array(envSchema).default([]), envVarGroups: z.array(envSchema).default([]) })

function serviceIn(text: string, name: string) {
  const found = blueprintSchema.parse(parse(text)).services.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no ${name} in\n${text}`)
  return found
}

describe.each(Object.entries(shapes))('the Blueprint for %s', (_name, files) => {
  test('is one that nothing can be said against, also when its services are built from Dockerfiles', async () => {
    const found = await findIn(files)
    const dockerfiles = new Map(found.services.map(({ name }) => [name, `${name}/Dockerfile`]))
    for (const text of [textFor(found), textFor(found, { dockerfiles })]) expect(parseBlueprint(text, { file: 'render.yaml' }).diagnostics).toEqual([])
  })

  test.skipIf(skipped !== '')(`is one that Render's own schema takes${skipped}`, async () => {
    const accepts = new Ajv2020({ strict: false, formats: { uri: true } }).compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object)
    expect([accepts(parse(textFor(await findIn(files)))), accepts.errors]).toEqual([true, null])
  })

  test('keeps the whole workspace at hand for every build', async () => {
    for (const service of blueprintSchema.parse(parse(textFor(await findIn(files)))).services) expect(service).not.toHaveProperty('rootDir')
  })
})

test.each([
  ['turboStarter', 'web', 'pnpm install --frozen-lockfile --prod=false && pnpm turbo run build --filter=web...'],
  ['pnpmShop', 'api', 'pnpm install --frozen-lockfile --prod=false && pnpm --filter @shop/api... run build'],
  ['npmShop', 'api', 'npm ci --include=dev && npm exec --workspace=database -- prisma generate'],
  ['npmShop', 'web', 'npm ci --include=dev && npm run build --workspace=web'],
  ['yarnShop', 'web', 'yarn install --frozen-lockfile --production=false && yarn workspace numbers run build && yarn workspace money run build && yarn workspace web run build'],
  ['lonelyApp', 'lonely', 'yarn install --immutable && yarn run build'],
] as const)('%s builds %s with everything that it depends on: %s', async (shape, name, command) => {
  expect(serviceIn(textFor(await findIn(shapes[shape])), name)['buildCommand']).toBe(command)
})

test('a build happens again when anything changes that it depends on, and for nothing else', async () => {
  expect(serviceIn(textFor(await findIn(pnpmShop)), 'worker')['buildFilter']).toEqual({ paths: ['apps/worker/**', 'packages/db/**', '.node-version', 'package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'] })
})

test('every variable gets its value from where it is, and what nobody here knows is asked for', async () => {
  const text = textFor(await findIn(pnpmShop))
  expect(serviceIn(text, 'api').envVars).toEqual([
    { key: 'HOST', value: '0.0.0.0' },
    { key: 'DATABASE_URL', fromDatabase: { name: 'shop-db', property: 'connectionString' } },
    { key: 'REDIS_URL', fromService: { type: 'keyvalue', name: 'shop-cache', property: 'connectionString' } },
    { key: 'STRIPE_SECRET_KEY', sync: false },
    { key: 'WEB_ORIGIN', fromService: { type: 'web', name: 'web', envVarKey: 'RENDER_EXTERNAL_URL' } },
    { fromGroup: 'shop-shared' },
  ])
  expect(serviceIn(text, 'web').envVars).toContainEqual({ key: 'API_URL', fromService: { type: 'web', name: 'api', envVarKey: 'RENDER_EXTERNAL_URL' } })
  expect(serviceIn(text, 'web').envVars).toContainEqual({ key: 'NEXT_PUBLIC_SITE_URL', fromService: { type: 'web', name: 'web', envVarKey: 'RENDER_EXTERNAL_URL' } })
})

test('an app with Server Actions is given a key for them that outlives a build, and no other app is', async () => {
  const acting = { ...pnpmShop, 'apps/web/src/app/page.tsx': "import { order } from '../order.ts'\nexport default () => <form action={order} />\n", 'apps/web/src/order.ts': "'use server'\nexport async function order() {}\n" }
  const key = { key: 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', generateValue: true }
  expect(textFor(await findIn(acting))).toContain('# apps/web/src/order.ts:1\n      - key: NEXT_SERVER_ACTIONS_ENCRYPTION_KEY')
  expect(serviceIn(textFor(await findIn(acting)), 'web').envVars).toContainEqual(key)
  expect(serviceIn(textFor(await findIn(pnpmShop)), 'web').envVars).not.toContainEqual(key)
})

test('a generated secret that two services read is one value for both', async () => {
  expect(blueprintSchema.parse(parse(textFor(await findIn(pnpmShop)))).envVarGroups).toEqual([{ name: 'shop-shared', envVars: [{ key: 'SESSION_SECRET', generateValue: true }] }])
  const alone = { ...pnpmShop, 'apps/web/src/app/api/orders/[id]/route.ts': 'export const GET = () => new Response()\n' }
  const text = textFor(await findIn(alone))
  expect(blueprintSchema.parse(parse(text)).envVarGroups).toEqual([])
  expect(serviceIn(text, 'api').envVars).toContainEqual({ key: 'SESSION_SECRET', generateValue: true })
})

test('one service brings the schema up to date, and it is the API', async () => {
  const { services } = blueprintSchema.parse(parse(textFor(await findIn(pnpmShop))))
  expect(services.flatMap((each) => (each['preDeployCommand'] === undefined ? [] : [[each.name, each['preDeployCommand']]]))).toEqual([['api', 'node packages/db/dist/migrate.js']])
})

test('a queue keeps what waits in it, and nobody outside reaches databases', async () => {
  const text = textFor(await findIn(pnpmShop))
  expect(serviceIn(text, 'shop-cache')).toMatchObject({ type: 'keyvalue', maxmemoryPolicy: 'noeviction', ipAllowList: [] })
  expect(blueprintSchema.parse(parse(text)).databases).toMatchObject([{ name: 'shop-db', databaseName: 'shop', ipAllowList: [] }])
})

test('a public address that leads nowhere here is empty, and an optional secret is left out with its place', async () => {
  const text = textFor(await findIn({ ...turboStarter, 'apps/web/app/page.tsx': 'const help = process.env.NEXT_PUBLIC_HELP_URL\nexport default () => help ? <a href={help}>{process.env.PAYMENT_KEY?.length}</a> : null\n' }))
  expect(serviceIn(text, 'web').envVars).toEqual([{ key: 'NEXT_PUBLIC_HELP_URL', value: '' }])
  expect(text).toContain('# Read, and done without: PAYMENT_KEY (apps/web/app/page.tsx:2)')
})

test('Node is pinned where the repository does not do it, and checks are waited for where there are some', async () => {
  expect(serviceIn(textFor(await findIn(yarnShop)), 'web').envVars).toEqual([{ key: 'NODE_VERSION', value: '24' }])
  const checked = await findIn({ ...turboStarter, '.github/workflows/test.yml': 'on: push\n' })
  expect(serviceIn(textFor(checked), 'web')['autoDeployTrigger']).toBe('checksPass')
  expect(serviceIn(textFor(await findIn(turboStarter)), 'web')).not.toHaveProperty('autoDeployTrigger')
})

test('asked is where it shall run, and what no program does without and nobody keeps secret; an empty answer is the default', async () => {
  const found = await findIn({ ...turboStarter, 'apps/web/app/page.tsx': 'if (!process.env.SHOP_NAME || !process.env.STRIPE_SECRET_KEY) throw new Error()\nexport default () => null\n' })
  const questions = questionsFor(found, (key) => key.endsWith('_KEY'))
  expect(questions.map(({ about }) => about)).toEqual(['region', { variable: 'SHOP_NAME' }])
  expect(answersTo(questions, ['frankfurt', ' Halyard '])).toEqual({ region: 'frankfurt', values: new Map([['SHOP_NAME', 'Halyard']]) })
  expect(answersTo(questions, [])).toEqual({ region: 'oregon', values: new Map() })
  const { values } = answersTo(questions, ['', 'Halyard'])
  expect(serviceIn(textFor(found, { values }), 'web').envVars).toEqual([{ key: 'SHOP_NAME', value: 'Halyard' }, { key: 'STRIPE_SECRET_KEY', sync: false }])
})

test('in containers browsers know services by this machine, and services know each other by name', async () => {
  const found = await findIn(pnpmShop)
  const proposal = proposalFor(found, { values: new Map() })
  const compose = z.object({ services: z.record(z.string(), z.looseObject({ environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}), build: z.looseObject({ args: z.record(z.string(), z.string()).default({}) }).optional() })) })
    .parse(parse(composeFile(proposal, new Map(found.services.map(({ name }) => [name, `apps/${name}/Dockerfile`])))))
  expect(Object.keys(compose.services)).toEqual(['api', 'web', 'worker', 'migrate', 'database', 'key-value'])
  expect(compose.services['web']?.environment).toMatchObject({ PORT: 3000, HOSTNAME: '0.0.0.0', API_URL: 'http://api:4000' })
  expect(compose.services['api']?.environment).toMatchObject({ WEB_ORIGIN: 'http://localhost:3000' })
  expect(compose.services['web']?.build?.args).toMatchObject({ NEXT_PUBLIC_SITE_URL: 'http://localhost:3000', NEXT_PUBLIC_API_URL: 'http://localhost:4000', NEXT_PUBLIC_POSTHOG_KEY: '${NEXT_PUBLIC_POSTHOG_KEY:?set it in .env}' })
  expect(compose.services['api']).toMatchObject({ depends_on: { migrate: { condition: 'service_completed_successfully' }, 'key-value': { condition: 'service_healthy' } } })
  expect(compose.services['worker']?.environment).not.toHaveProperty('PORT')
  expect(composeFile(proposal, new Map([['web', 'apps/web/Dockerfile']]))).toContain('# Not among them, for want of a Dockerfile: api, worker')
})

test('suites become a configuration, and no suite none', async () => {
  expect(suitesConfig(proposalFor(await findIn(pnpmShop), { values: new Map() }))).toContain("{ name: 'api-integration', command: 'pnpm --filter @shop/api run test:integration' },")
  expect(suitesConfig(proposalFor(await findIn(turboStarter), { values: new Map() }))).toBeUndefined()
})
