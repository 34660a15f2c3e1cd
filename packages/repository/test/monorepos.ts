/** Monorepos as the usual generators make them, and as people go on from there: files by path. */
export type Monorepo = Readonly<Record<string, string>>

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
const home = 'export default function Page() {\n  return <main>Home</main>\n}\n'
const nextScripts = { dev: 'next dev', build: 'next build', start: 'next start' }

function nextManifest(name: string, port: number, more: Record<string, string> = {}): string {
  return json({ name, private: true, type: 'module', scripts: { ...nextScripts, dev: `next dev --port ${port}` }, dependencies: { next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1', ...more } })
}

/** create-turbo: two Next.js apps and what they share. */
export const turboStarter: Monorepo = {
  'package.json': json({ name: 'my-turborepo', private: true, scripts: { build: 'turbo run build', dev: 'turbo run dev' }, devDependencies: { turbo: '^2.11.0', typescript: '6.0.2' }, packageManager: 'pnpm@12.21.0', engines: { node: '>=24' } }),
  'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n  - "packages/*"\n',
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'turbo.json': json({ tasks: { build: { dependsOn: ['^build'], outputs: ['.next/**', '!.next/cache/**'] }, dev: { cache: false, persistent: true } } }),
  'apps/web/package.json': nextManifest('web', 3000, { '@repo/ui': 'workspace:*' }),
  'apps/web/next.config.js': '/** @type {import("next").NextConfig} */\nconst nextConfig = {};\n\nexport default nextConfig;\n',
  'apps/web/app/layout.tsx': 'export default function Layout({ children }: { children: React.ReactNode }) {\n  return <html><body>{children}</body></html>\n}\n',
  'apps/web/app/page.tsx': home,
  'apps/docs/package.json': nextManifest('docs', 3001, { '@repo/ui': 'workspace:*' }),
  'apps/docs/next.config.js': 'export default {}\n',
  'apps/docs/app/page.tsx': home,
  'packages/ui/package.json': json({ name: '@repo/ui', private: true, exports: { './*': './src/*.tsx' }, dependencies: { react: '19.3.1' }, devDependencies: { '@repo/typescript-config': 'workspace:*' } }),
  'packages/ui/src/button.tsx': 'export const Button = () => <button>Go</button>\n',
  'packages/typescript-config/package.json': json({ name: '@repo/typescript-config', private: true }),
  'packages/typescript-config/base.json': '{}\n',
}

const server = `import Fastify from 'fastify'
import { openDatabase } from '@shop/db'
import { health } from './routes/health.js'
import { orders } from './routes/orders.js'

const app = Fastify({ logger: true })
const sessionSecret = process.env.SESSION_SECRET
if (!sessionSecret) throw new Error('SESSION_SECRET is not set')
openDatabase(process.env.DATABASE_URL!)
await app.register(health, { prefix: '/api' })
await app.register(orders, { prefix: '/api/orders' })
await app.listen({ port: Number(process.env.PORT ?? 4000), host: process.env.HOST ?? 'localhost' })
`

/** Next.js and Fastify by pnpm alone, with a worker, a database, a queue, and secrets of both kinds. */
export const pnpmShop: Monorepo = {
  'package.json': json({ name: 'shop', private: true, scripts: { 'test:integration': 'pnpm -r run test:integration' }, packageManager: 'pnpm@12.21.0' }),
  'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n',
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  '.node-version': '24.21.0\n',
  'apps/web/package.json': nextManifest('@shop/web', 3000),
  'apps/web/next.config.ts': "import type { NextConfig } from 'next'\n\nexport default {\n  output: 'standalone',\n} satisfies NextConfig\n",
  'apps/web/public/logo.svg': '<svg/>\n',
  'apps/web/src/app/page.tsx': "const api = process.env.API_URL ?? 'http://localhost:4000'\nexport default async function Page() {\n  return <main data-key={process.env.NEXT_PUBLIC_POSTHOG_KEY!}>{await (await fetch(`${api}/api/orders`)).text()}</main>\n}\n",
  'apps/web/src/app/(machines)/api/health/route.ts': "export const GET = () => Response.json({ status: 'ok' })\n",
  'apps/web/src/app/api/orders/[id]/route.ts': "if (!process.env.SESSION_SECRET) throw new Error('no secret')\nexport const GET = () => Response.json({ site: process.env.NEXT_PUBLIC_SITE_URL, api: process.env.NEXT_PUBLIC_API_URL })\n",
  'apps/api/package.json': json({ name: '@shop/api', private: true, type: 'module', scripts: { build: 'tsc', start: 'NODE_ENV=production node --enable-source-maps dist/server.js', 'test:integration': 'vitest run' }, dependencies: { fastify: '5.12.8', bullmq: '5.0.0', '@shop/db': 'workspace:*' }, devDependencies: { typescript: '6.0.2' } }),
  'apps/api/src/server.ts': server,
  'apps/api/src/routes/health.ts': "export const health = async (app) => {\n  app.get('/health/ready', async () => ({ status: 'ok' }))\n  app.get('/health', async () => ({ status: 'ok' }))\n}\n",
  'apps/api/src/routes/orders.ts': "import { Queue } from 'bullmq'\nconst queue = new Queue('orders', { connection: { url: process.env.REDIS_URL! } })\nif (!process.env.STRIPE_SECRET_KEY) throw new Error('no key')\nif (process.env.SENTRY_DSN) report(process.env.WEB_ORIGIN)\nexport const orders = async (app) => { app.get('/', async () => queue.count()) }\n",
  'apps/api/src/server.test.ts': 'process.env.ONLY_IN_TESTS!.length\n',
  'apps/worker/package.json': json({ name: '@shop/worker', private: true, type: 'module', scripts: { build: 'tsc', start: 'node dist/main.js' }, dependencies: { bullmq: '5.0.0', '@shop/db': 'workspace:*' } }),
  'apps/worker/src/main.ts': "import { Worker } from 'bullmq'\nimport { openDatabase } from '@shop/db'\nopenDatabase(process.env.DATABASE_URL!)\nnew Worker('orders', async () => {}, { connection: { url: process.env.REDIS_URL! } })\n",
  'packages/db/package.json': json({ name: '@shop/db', private: true, type: 'module', exports: './dist/db.js', scripts: { build: 'tsc', 'db:push': 'drizzle-kit push', 'db:migrate': 'node dist/migrate.js' }, dependencies: { 'drizzle-orm': '1.0.0', pg: '8.23.1' } }),
  'packages/db/src/db.ts': "export const openDatabase = (url: string) => url\n",
  'packages/db/src/migrate.ts': "import { openDatabase } from './db.js'\nopenDatabase(process.env.DATABASE_URL!)\n",
}

/** npm workspaces with Prisma; the API is started through a tool. */
export const npmShop: Monorepo = {
  'package.json': json({ name: 'npm-shop', private: true, workspaces: ['apps/*', 'packages/*'], engines: { node: '24.x' } }),
  'package-lock.json': json({ name: 'npm-shop', lockfileVersion: 3, packages: {} }),
  'apps/web/package.json': nextManifest('web', 3000),
  'apps/web/next.config.mjs': "export default { basePath: '/shop' }\n",
  'apps/web/pages/index.tsx': home,
  'apps/web/pages/api/healthz.ts': 'export default (_request, response) => response.status(200).end()\n',
  'apps/api/package.json': json({ name: 'api', private: true, scripts: { start: 'tsx src/index.ts' }, dependencies: { fastify: '^5.12.0', tsx: '4.0.0', database: '*' } }),
  'apps/api/src/index.ts': "import Fastify from 'fastify'\nimport { client } from 'database'\nconst app = Fastify()\napp.route({ method: 'GET', url: '/healthz', handler: async () => 'ok' })\napp.listen({ port: 4000 })\nclient()\n",
  'packages/database/package.json': json({ name: 'database', private: true, main: 'src/index.ts', scripts: { migrate: 'prisma migrate dev' }, dependencies: { '@prisma/client': '6.19.0' }, devDependencies: { prisma: '6.19.0' } }),
  'packages/database/src/index.ts': 'export const client = () => undefined\n',
  'packages/database/prisma/schema.prisma': 'generator client {\n  provider = "prisma-client-js"\n}\n\ndatasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n',
  'packages/database/prisma/migrations/1_first/migration.sql': 'SELECT 1;\n',
}

/** Yarn's first line, with packages that are built in their order. */
export const yarnShop: Monorepo = {
  'package.json': json({ name: 'yarn-shop', private: true, workspaces: { packages: ['apps/*', 'packages/*'] } }),
  'yarn.lock': '# yarn lockfile v1\n',
  'apps/web/package.json': nextManifest('web', 3000, { money: '*' }),
  'apps/web/next.config.js': 'module.exports = {}\n',
  'apps/web/app/page.jsx': home,
  'apps/api/package.json': json({ name: 'api', private: true, main: 'dist/server.js', scripts: { build: 'tsc' }, dependencies: { fastify: '^5.12.0', money: '*' } }),
  'apps/api/src/server.js': "const fastify = require('fastify')()\nfastify.get('/ping', async () => 'pong')\nfastify.listen({ port: process.env.API_PORT || 4001, host: '0.0.0.0' })\n",
  'packages/money/package.json': json({ name: 'money', scripts: { build: 'tsc' }, dependencies: { numbers: '*' } }),
  'packages/money/index.js': '',
  'packages/numbers/package.json': json({ name: 'numbers', scripts: { build: 'tsc' } }),
  'packages/numbers/index.js': '',
}

/** One Next.js app that is its whole repository, by a Yarn that keeps no node_modules. */
export const lonelyApp: Monorepo = {
  'package.json': json({ name: 'lonely', private: true, scripts: nextScripts, dependencies: { next: '16.4.6' }, packageManager: 'yarn@4.9.0' }),
  'yarn.lock': '__metadata:\n  version: 8\n',
  '.yarnrc.yml': 'nmMode: classic\n',
  'next.config.ts': 'export default {}\n',
  'app/page.tsx': home,
}

/** Nothing in it is an app: components for Next.js, a plug-in for Fastify, a server of another kind. */
export const noApps: Monorepo = {
  'package.json': json({ name: 'libraries', private: true, workspaces: ['packages/*', 'apps/*'] }),
  'packages/next-components/package.json': json({ name: 'next-components', peerDependencies: { next: '>=15' }, devDependencies: { next: '16.4.6' } }),
  'packages/next-components/next.config.js': 'module.exports = {}\n',
  'packages/next-components/src/link.tsx': 'export const Link = () => <a />\n',
  'packages/fastify-plugin/package.json': json({ name: 'fastify-plugin-x', main: 'index.js', dependencies: { fastify: '^5.12.0' } }),
  'packages/fastify-plugin/index.js': 'module.exports = async (app) => { app.get("/healthz", () => "ok") }\n',
  'apps/old/package.json': json({ name: 'old', scripts: { start: 'node server.js' }, dependencies: { express: '5.1.0' } }),
  'apps/old/server.js': "require('express')().listen(3000)\n",
}
