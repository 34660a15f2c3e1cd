import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { nextCacheInstances } from './next-cache-instances.ts'

describeRule(nextCacheInstances, {
  fails: [
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start', 'numInstances: 2'), files: monorepo, at: ['render.yaml:7:5'] },
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start', 'scaling: { minInstances: 1, maxInstances: 3, targetCPUPercent: 70 }'), files: monorepo, at: ['render.yaml:7:5'] },
  ],
  passes: [
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start', 'numInstances: 2'), files: { ...monorepo, 'apps/web/next.config.ts': "export default { cacheHandler: require.resolve('./cache.mjs') }" } },
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start', 'numInstances: 1'), files: monorepo },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'numInstances: 2'), files: monorepo },
  ],
})
