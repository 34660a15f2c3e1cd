import { afterEach, describe, expect, test } from 'vitest'
import { findApps, readRepository, type FoundRepository, type FoundService } from '../src/apps/apps.ts'
import { lonelyApp, noApps, npmShop, pnpmShop, turboStarter, yarnShop, type Monorepo } from './monorepos.ts'
import { scratchRepository, type ScratchRepository } from './scratch-repository.ts'

const never = new AbortController().signal
const opened: ScratchRepository[] = []
afterEach(async () => { for (const each of opened.splice(0)) await each.remove() })

async function findIn(files: Monorepo): Promise<FoundRepository> {
  const repository = await scratchRepository(files, { git: false })
  opened.push(repository)
  return findApps(await readRepository(repository.root, never), never)
}

function service({ services }: FoundRepository, name: string): FoundService {
  const found = services.find((each) => each.name === name)
  if (found === undefined) throw new Error(`${name} is not among ${services.map((each) => each.name).join(', ')}`)
  return found
}

const names = (found: FoundRepository): string[] => found.services.map(({ name, kind }) => `${name} ${kind}`)

describe('a starter of Turborepo', () => {
  test('has its two Next.js apps, and nothing of its libraries', async () => {
    const found = await findIn(turboStarter)
    expect(names(found)).toEqual(['docs next', 'web next'])
    expect(found.turbo?.from).toBe('turbo.json')
    expect(found.node).toEqual({ value: '>=24', from: 'package.json engines.node' })
    expect(found.left).toEqual([])
    expect(service(found, 'web')).toMatchObject({
      start: { value: 'node apps/web/node_modules/next/dist/bin/next start apps/web', from: 'apps/web/package.json scripts.start' },
      healthPath: { value: '/', from: 'apps/web/app/page.tsx' }, usualPort: 3000, hostVariable: undefined,
    })
    expect(service(found, 'docs').usualPort).toBe(3001)
    expect(service(found, 'web').dependsOn.map(({ directory }) => directory)).toEqual(['packages/typescript-config', 'packages/ui'])
  })
})

describe('Next.js and Fastify by pnpm', () => {
  test('each is found with where every finding comes from', async () => {
    const found = await findIn(pnpmShop)
    expect(names(found)).toEqual(['api fastify', 'web next', 'worker worker'])
    expect(found.turbo).toBeUndefined()
    expect(service(found, 'api')).toMatchObject({
      from: 'apps/api/package.json dependencies.fastify',
      start: { value: 'node --enable-source-maps apps/api/dist/server.js', from: 'apps/api/package.json scripts.start' },
      healthPath: { value: '/api/health', from: 'apps/api/src/routes/health.ts:3' },
      hostVariable: { value: 'HOST', from: 'apps/api/src/server.ts:12' }, portVariable: undefined, usualPort: 4000,
      database: { library: 'pg', from: 'packages/db/package.json dependencies.pg' }, keyValue: { library: 'bullmq' },
      migration: { value: 'node packages/db/dist/migrate.js', from: 'packages/db/package.json scripts.db:migrate' }, faults: [],
    })
  })

  test('variables are those of what runs, and of no test', async () => {
    const { variables } = service(await findIn(pnpmShop), 'api')
    expect(variables.map(({ key, need, file, line }) => `${key} ${need.is} ${file}:${line}`)).toEqual([
      'DATABASE_URL required apps/api/src/server.ts:9', 'HOST fallback apps/api/src/server.ts:12', 'PORT fallback apps/api/src/server.ts:12', 'REDIS_URL required apps/api/src/routes/orders.ts:2',
      'SENTRY_DSN optional apps/api/src/routes/orders.ts:4', 'SESSION_SECRET required apps/api/src/server.ts:7', 'STRIPE_SECRET_KEY required apps/api/src/routes/orders.ts:3', 'WEB_ORIGIN unsure apps/api/src/routes/orders.ts:4',
    ])
  })

  test('a standalone server gets what its build leaves out, and is told where to listen', async () => {
    expect(service(await findIn(pnpmShop), 'web')).toMatchObject({
      start: { value: 'node apps/web/.next/standalone/apps/web/server.js', from: 'apps/web/next.config.ts:4' },
      afterBuild: { value: 'cp -r apps/web/.next/static apps/web/.next/standalone/apps/web/.next/ && cp -r apps/web/public apps/web/.next/standalone/apps/web/' },
      hostVariable: { value: 'HOSTNAME' }, healthPath: { value: '/api/health', from: 'apps/web/src/app/(machines)/api/health/route.ts' },
    })
    const copies = { ...pnpmShop, 'apps/web/package.json': (pnpmShop['apps/web/package.json'] ?? '').replace('"next build"', '"next build && node complete-standalone.mjs"') }
    expect(service(await findIn(copies), 'web').afterBuild).toBeUndefined()
  })

  test('suites are found by the names of their scripts', async () => {
    expect((await findIn(pnpmShop)).suites).toEqual([{ name: 'api-integration', command: 'pnpm --filter @shop/api run test:integration', browser: false, from: 'apps/api/package.json scripts.test:integration' }])
  })
})

describe('npm and Yarn', () => {
  test('Prisma names its variable in the schema, and its migrations are brought by its own tool', async () => {
    const api = service(await findIn(npmShop), 'api')
    expect(api.variables).toEqual([{ key: 'DATABASE_URL', need: { is: 'required', because: 'names it as the address of the database' }, file: 'packages/database/prisma/schema.prisma', line: 7 }])
    expect(api.migration).toEqual({ value: 'npm exec --workspace=database -- prisma migrate deploy', from: 'packages/database/prisma/schema.prisma' })
    expect(api.start).toEqual({ value: 'npm run start --workspace=api', from: 'apps/api/package.json scripts.start' })
  })

  test('a database of another kind is none that a Blueprint has', async () => {
    const mysql = { ...npmShop, 'packages/database/prisma/schema.prisma': (npmShop['packages/database/prisma/schema.prisma'] ?? '').replace('"postgresql"', '"mysql"') }
    expect(service(await findIn(mysql), 'api')).toMatchObject({ database: undefined, migration: undefined })
  })

  test('a port and an address that are written down are told as faults', async () => {
    expect(service(await findIn(npmShop), 'api').faults).toEqual([
      expect.stringContaining("apps/api/src/index.ts:5 listens on this machine alone: give listen() host: '0.0.0.0'"), expect.stringContaining('apps/api/src/index.ts:5 listens on 4000 whatever PORT says'),
    ])
  })

  test('a base path is part of the health path, and the program of Next.js lies where npm puts it', async () => {
    expect(service(await findIn(npmShop), 'web')).toMatchObject({ healthPath: { value: '/shop/api/healthz' }, start: { value: 'node node_modules/next/dist/bin/next start apps/web' } })
  })

  test('without a start script the file that listens is started as its build calls it, on the port that it names itself', async () => {
    expect(service(await findIn(yarnShop), 'api')).toMatchObject({
      start: { value: 'node apps/api/dist/server.js', from: 'apps/api/src/server.js' }, portVariable: { value: 'API_PORT', from: 'apps/api/src/server.js:3' }, usualPort: 4001, healthPath: { value: '/ping' }, faults: [],
    })
    expect(service(await findIn(yarnShop), 'api').dependsOn.map(({ name }) => name)).toEqual(['numbers', 'money'])
  })

  test('one app that is the whole repository is found, and a Yarn without node_modules starts it by its script', async () => {
    const found = await findIn(lonelyApp)
    expect(found.manager).toMatchObject({ name: 'yarn', isModernYarn: true, hasNodeModules: false })
    expect(service(found, 'lonely').start?.value).toBe('yarn run start')
    expect(found.rootFiles).toEqual([])
  })
})

test('libraries are no apps, and a server of another kind is named and left out', async () => {
  const found = await findIn(noApps)
  expect(found.services).toEqual([])
  expect(found.left).toEqual([{ directory: 'apps/old', why: 'It listens (apps/old/server.js:1) and is neither Next.js nor Fastify' }])
})

test('services of the same short name are called after their directories', async () => {
  const twins = { ...turboStarter, 'apps/docs/package.json': (turboStarter['apps/docs/package.json'] ?? '').replace('"docs"', '"@other/web"') }
  expect((await findIn(twins)).services.map(({ name }) => name)).toEqual(['apps-docs', 'apps-web'])
})

test('an app that is exported as files is a site', async () => {
  const found = await findIn({ ...turboStarter, 'apps/docs/next.config.js': "export default { output: 'export' }\n" })
  expect(service(found, 'docs')).toMatchObject({ kind: 'site', publishPath: 'apps/docs/out', start: undefined })
})
