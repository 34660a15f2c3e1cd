import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Files by path. */
export type MonorepoFiles = Readonly<Record<string, string>>

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
const compile = json({ compilerOptions: { target: 'es2023', module: 'nodenext', moduleResolution: 'nodenext', outDir: 'dist', rootDir: 'src', strict: true, declaration: true, skipLibCheck: true, types: ['node'] }, include: ['src'] })

const tools = { typescript: '5.9.3', '@types/node': '24.10.1' }

const server = `import Fastify from 'fastify'
import { priceText } from 'money'

const app = Fastify({ logger: true, forceCloseConnections: 'idle' })
app.get('/healthz', async () => ({ ok: true }))
app.get('/prices/:cents', { schema: { params: { type: 'object', properties: { cents: { type: 'integer', minimum: 0 } }, required: ['cents'] } } }, async (request) => ({ price: priceText((request.params as { cents: number }).cents) }))
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void app.close())
await app.listen({ port: Number(process.env.PORT ?? 4000), host: '0.0.0.0' })
`

interface SmallMonorepo {
  /** Of the root's manifest. */
  readonly root?: Readonly<Record<string, unknown>>
  /** How packages of the workspace name each other. */
  readonly own?: string
}

/** A Next.js app, a Fastify API and a package that both have in common, without a lockfile: as `npm init` and `create-next-app` leave it. */
export function smallMonorepo(more: MonorepoFiles, { root = {}, own = '1.0.0' }: SmallMonorepo = {}): MonorepoFiles {
  return {
    '.gitignore': 'node_modules\ndist\n.next\nnext-env.d.ts\n*.tsbuildinfo\n',
    'package.json': json({ name: 'small-shop', private: true, workspaces: ['apps/*', 'packages/*'], engines: { node: '24.x' }, ...root }),
    'packages/money/package.json': json({ name: 'money', version: '1.0.0', private: true, type: 'module', exports: './dist/money.js', types: './dist/money.d.ts', scripts: { build: 'tsc' }, devDependencies: tools }),
    'packages/money/tsconfig.json': compile,
    'packages/money/src/money.ts': 'export const priceText = (cents: number): string => `${(cents / 100).toFixed(2)} €`\n',
    'apps/api/package.json': json({ name: 'api', version: '1.0.0', private: true, type: 'module', scripts: { build: 'tsc', start: 'node dist/server.js' }, dependencies: { fastify: '5.12.8', money: own }, devDependencies: tools }),
    'apps/api/tsconfig.json': compile,
    'apps/api/src/server.ts': server,
    'apps/web/package.json': json({ name: 'web', version: '1.0.0', private: true, type: 'module', scripts: { dev: 'next dev', build: 'next build', start: 'next start' }, dependencies: { next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1', money: own } }),
    'apps/web/next.config.js': 'export default {}\n',
    'apps/web/app/layout.jsx': "export const metadata = { title: 'Small shop' }\n\nexport default function Layout({ children }) {\n  return <html lang=\"en\"><body>{children}</body></html>\n}\n",
    'apps/web/app/page.jsx': "import { priceText } from 'money'\n\nexport const dynamic = 'force-dynamic'\n\nexport default function Page() {\n  return <main><h1>Tea</h1><p>{priceText(450)}</p></main>\n}\n",
    'apps/web/app/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>\n',
    ...more,
  }
}

/** The same as `create-turbo` lays it out: pnpm, and Turborepo. */
export function turboMonorepo(): MonorepoFiles {
  return smallMonorepo({
    'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n  - "packages/*"\n',
    'turbo.json': json({ tasks: { build: { dependsOn: ['^build'], outputs: ['.next/**', '!.next/cache/**', 'dist/**'] }, dev: { cache: false, persistent: true } } }),
  }, { own: 'workspace:*', root: { workspaces: undefined, packageManager: 'pnpm@12.21.0', scripts: { build: 'turbo run build' }, devDependencies: { turbo: '2.11.11' } } })
}

const prismaServer = `import Fastify from 'fastify'
import { openClient } from 'database'

const client = openClient(process.env.DATABASE_URL!)
const app = Fastify({ logger: true, forceCloseConnections: 'idle' })
app.get('/healthz', async () => ({ ok: true, answer: await client.$queryRaw\`SELECT 40 + 2 AS answer\` }))
app.addHook('onClose', async () => client.$disconnect())
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void app.close())
await app.listen({ port: Number(process.env.PORT ?? 4000), host: '0.0.0.0' })
`

/**
 * npm workspaces: an API, and a package that reaches PostgreSQL by Prisma. Generating its client needs no program of Prisma's own, which is fetched from no registry of packages, but Prisma looks for
 * one all the same: its settings name another. Without migrations, for which it would be run.
 */
export function prismaMonorepo(): MonorepoFiles {
  const version = '7.10.0'
  return {
    '.gitignore': 'node_modules\ndist\n*.tsbuildinfo\n',
    'package.json': json({ name: 'prisma-shop', private: true, workspaces: ['apps/*', 'packages/*'], engines: { node: '24.x' } }),
    'packages/database/package.json': json({
      name: 'database', version: '1.0.0', private: true, type: 'module', exports: './dist/client.js', types: './dist/client.d.ts', scripts: { build: 'prisma generate && tsc' },
      dependencies: { '@prisma/client': version, '@prisma/adapter-pg': version }, devDependencies: { prisma: version, ...tools },
    }),
    'packages/database/tsconfig.json': compile,
    'packages/database/prisma.config.ts': "import { defineConfig } from 'prisma/config'\n\nprocess.env.PRISMA_SCHEMA_ENGINE_BINARY ??= '/bin/true'\n\nexport default defineConfig({ schema: 'prisma/schema.prisma' })\n",
    'packages/database/prisma/schema.prisma': 'generator client {\n  provider = "prisma-client-js"\n}\n\ndatasource db {\n  provider = "postgresql"\n}\n\nmodel Note {\n  id   Int    @id @default(autoincrement())\n  text String\n}\n',
    'packages/database/src/client.ts': "import { PrismaPg } from '@prisma/adapter-pg'\nimport { PrismaClient } from '@prisma/client'\n\nexport const openClient = (connectionString: string): PrismaClient => new PrismaClient({ adapter: new PrismaPg({ connectionString }) })\n",
    'apps/api/package.json': json({ name: 'api', version: '1.0.0', private: true, type: 'module', scripts: { build: 'tsc', start: 'node dist/server.js' }, dependencies: { fastify: '5.12.8', database: '1.0.0' }, devDependencies: tools }),
    'apps/api/tsconfig.json': compile,
    'apps/api/src/server.ts': prismaServer,
  }
}

/** Has the package manager write its lockfile; what it installs besides is taken away again. */
export async function lockDependencies(directory: string, [program = 'npm', ...args]: readonly string[]): Promise<void> {
  await run(program, args, { cwd: directory, maxBuffer: 64 * 1024 * 1024 })
  for (const place of ['', 'apps/api', 'apps/web', 'packages/money', 'packages/database']) await rm(join(directory, place, 'node_modules'), { recursive: true, force: true })
}
