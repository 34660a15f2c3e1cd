import { defineConfig } from 'vitest/config'

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
        // Load at a constant rate needs the machine for itself.
        extends: true,
        test: { name: 'whole', include: ['e2e/**/*.test.ts'], exclude, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
