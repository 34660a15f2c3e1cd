import { defineConfig } from 'vitest/config'

// What takes minutes has a file of its own, and runs with `npm run test:all` only.
const long = process.env['PLIMSOLL_E2E'] === 'full' ? [] : ['**/*.full.test.ts']
const exclude = ['**/node_modules/**', 'examples/**', '**/.next/**', ...long]

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
        // Load at a constant rate needs the machine for itself.
        extends: true,
        test: { name: 'whole', include: ['e2e/**/*.test.ts'], exclude, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
