import { unitSpecSchema } from '@plimsoll/model'
import { packageManifestSchema, type Workspace } from '@plimsoll/repository'
import { expect, test } from 'vitest'
import { findEntries } from './entries.ts'

const member = (directory: string, name: string, scripts: object = {}) => ({ directory, name, manifest: packageManifestSchema.parse({ name, scripts }) })
const workspace: Workspace = { root: member('', 'root'), packages: [member('apps/api', 'api', { start: 'node dist/main.js' }), member('apps/web', 'web', { start: 'next start' })] }

function entries(commands: { startCommand?: string; preDeployCommand?: string; rootDir?: string }) {
  const spec = unitSpecSchema.parse({ service: 'api', kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 1, instances: 1, ...commands })
  const { files, complete, viaManager } = findEntries(spec, workspace)
  return { files, complete, viaManager }
}

test('finds what Node is told to run in every command, preloads included', () => {
  expect(entries({ startCommand: 'node --import ./otel.js --max-old-space-size=256 apps/api/dist/main.js --verbose', preDeployCommand: 'cd apps/api && node -r ./env.cjs migrate.js' })).toEqual({
    files: ['otel.js', 'apps/api/dist/main.js', 'apps/api/env.cjs', 'apps/api/migrate.js'],
    complete: true,
    viaManager: false,
  })
})

test('finds the file behind a package script', () => {
  expect(entries({ startCommand: 'pnpm --filter api start' })).toEqual({ files: ['apps/api/dist/main.js'], complete: true, viaManager: true })
  expect(entries({ startCommand: 'node server.js', rootDir: 'apps/web' }).files).toEqual(['apps/web/server.js'])
})

test.each(['pnpm --filter web start', 'bash start.sh', './bin/start', 'npx prisma migrate deploy', 'node -e "1"', 'node --import tsx src/main.ts', 'node $ENTRY', 'node "$(which x)"', 'tsx src/main.ts', 'node node_modules/next/dist/bin/next start apps/web', 'node apps/web/node_modules/next/dist/bin/next start apps/web'])(
  'does not claim to know all files that %j needs',
  (startCommand) => expect(entries({ startCommand }).complete).toBe(false),
)
