import { defineConfig } from 'vitest/config'

// What takes minutes has a file of its own, and runs with `npm run test:all` only.
const long = process.env['PLIMSOLL_E2E'] === 'full' ? [] : ['**/*.full.test.ts']
const exclude = ['**/node_modules/**', 'examples/**', '**/.next/**', ...long]

// Whole runs of Plimsoll that put no load on anything: most of their time they wait, for a build, a database, or a limit that is to be reached. No two of them want a lab of engines.
const unhurried = ['bad-release', 'cut-off', 'full-disk', 'inner', 'kept-units', 'lost-database', 'no-network', 'places', 'preview-docker', 'preview', 'render-crash', 'render-proven', 'server', 'swarm'].map((name) => `e2e/test/${name}.real.test.ts`)

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'parts', include: ['{packages,apps}/*/src/**/*.test.ts', '{packages,apps}/*/test/**/*.test.ts', 'bench/**/*.test.ts', 'scripts/**/*.test.mjs'], exclude, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'beside', include: unhurried, exclude, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        // Load at a constant rate needs the machine for itself.
        extends: true,
        test: { name: 'whole', include: ['e2e/**/*.test.ts'], exclude: [...exclude, ...unhurried], maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
