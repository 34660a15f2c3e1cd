import { defineConfig } from 'vitest/config'

/** Load at a constant rate needs the machine for itself. */
const loads = ['edge', 'release', 'negative-controls', 'start-load'].map((name) => `e2e/test/${name}{,.real}.test.ts`)

const exclude = ['**/node_modules/**', 'examples/**', '**/.next/**']

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'parts', include: ['{packages,apps}/*/src/**/*.test.ts', '{packages,apps}/*/test/**/*.test.ts', 'scripts/**/*.test.mjs'], exclude, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'whole', include: ['e2e/**/*.test.ts'], exclude: [...exclude, ...loads], maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'load', include: loads, exclude, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
