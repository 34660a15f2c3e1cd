import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { buildFilterAbsent } from './build-filter-absent.ts'

describeRule(buildFilterAbsent, {
  fails: [{
    blueprint: nodeService('buildCommand: pnpm install && pnpm --filter @shop/api... build', 'startCommand: node apps/api/dist/main.js # it'), files: monorepo, at: ['render.yaml:2:5'],
    mended: nodeService('buildCommand: pnpm install && pnpm --filter @shop/api... build', 'startCommand: node apps/api/dist/main.js # it', 'buildFilter:', '  paths:', '    - apps/api/**', '    - packages/db/**', '    - packages/log/**', '    - package.json', '    - pnpm-lock.yaml', '    - pnpm-workspace.yaml', '    - turbo.json'),
  }],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'buildFilter: { paths: [apps/api/**, packages/**, pnpm-lock.yaml] }'), files: monorepo },
    { blueprint: nodeService('startCommand: node main.js'), files: { 'package.json': '{}', 'main.js': '' } },
  ],
})
