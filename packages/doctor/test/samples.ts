/** A Blueprint with one service: the lines given, each indented as they stand there. */
export function service(type: string, ...lines: readonly string[]): string {
  return ['services:', `  - type: ${type}`, '    name: app', ...lines.map((line) => `    ${line}`), ''].join('\n')
}

/** A native one, whose lines 5 and 6 say how it is built and started. */
export function nodeService(...lines: readonly string[]): string {
  const commands = [['buildCommand', 'pnpm install'], ['startCommand', 'node dist/main.js']].map(([key = '', usual]) => lines.find((line) => line.startsWith(`${key}:`)) ?? `${key}: ${usual}`)
  return service('web', 'runtime: node', ...commands, ...lines.filter((line) => !commands.includes(line)))
}

export const manifest = (name: string, more: object = {}): string => JSON.stringify({ name, ...more })

/** A workspace of an API with Fastify, a web app with Next.js, and two packages of which the API needs both. */
export const monorepo: Readonly<Record<string, string>> = {
  'package.json': manifest('shop', { packageManager: 'pnpm@12.21.0', engines: { node: '24' } }),
  'pnpm-workspace.yaml': 'packages: [apps/*, packages/*]\n',
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'turbo.json': '{ "tasks": { "build": { "dependsOn": ["^build"] } } }',
  'apps/api/package.json': manifest('@shop/api', { scripts: { build: 'tsc', start: 'node dist/main.js' }, dependencies: { '@shop/db': 'workspace:*', fastify: '5.12.8' } }),
  'apps/api/src/main.ts': "import fastify from 'fastify'\nconst app = fastify({ trustProxy: true })\nprocess.on('SIGTERM', () => void app.close())\nawait app.listen({ host: '0.0.0.0', port: Number(process.env.PORT) })\n",
  'apps/web/package.json': manifest('@shop/web', { scripts: { build: 'next build', start: 'next start' }, dependencies: { '@shop/ui': 'workspace:*', next: '16.4.6' } }),
  'apps/web/next.config.ts': 'export default {}\n',
  'packages/db/package.json': manifest('@shop/db', { scripts: { build: 'tsc' }, dependencies: { '@shop/log': 'workspace:*' } }),
  'packages/log/package.json': manifest('@shop/log', { scripts: { build: 'tsc' } }),
  'packages/ui/package.json': manifest('@shop/ui', { dependencies: { react: '19.3.1' } }),
}
