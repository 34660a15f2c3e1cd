import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { buildFilterShared } from './build-filter-shared.ts'

describeRule(buildFilterShared, {
  fails: [
    {
      blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'buildFilter:', '  paths:', '  - apps/api/** # the API', '  # what it stands on', '  - packages/db/**'), files: monorepo, at: ['render.yaml:8:7'],
      mended: nodeService('startCommand: node apps/api/dist/main.js', 'buildFilter:', '  paths:', '  - apps/api/** # the API', '  # what it stands on', '  - packages/db/**', '  - packages/log/**', '  - pnpm-lock.yaml'),
    },
    { blueprint: nodeService('startCommand: node apps/web/server.js', 'buildFilter: { paths: [apps/web/**, pnpm-lock.yaml] }'), files: monorepo, at: ['render.yaml:7:20'], mended: nodeService('startCommand: node apps/web/server.js', 'buildFilter: { paths: [apps/web/**, pnpm-lock.yaml, packages/ui/**] }') },
    { blueprint: nodeService('startCommand: node apps/web/server.js', 'buildFilter: { ignoredPaths: [packages/**] }'), files: monorepo, at: ['render.yaml:7:20'] },
  ],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'buildFilter: { paths: [apps/api/**, packages/**, pnpm-lock.yaml], ignoredPaths: ["**/*.md"] }'), files: monorepo },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'buildFilter: { paths: [apps/api/**] }') },
  ],
})
