import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { nextStandaloneOutput } from './next-standalone-output.ts'

describeRule(nextStandaloneOutput, {
  fails: [
    { blueprint: nodeService('startCommand: node apps/web/.next/standalone/apps/web/server.js'), files: monorepo, at: ['render.yaml:6:5'] },
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: { ...monorepo, 'apps/web/next.config.ts': "export default { output: 'standalone' }" }, at: ['render.yaml:6:5'] },
  ],
  passes: [
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: { ...monorepo, 'apps/web/next.config.ts': "// output: 'standalone'\nexport default {}" } },
    { blueprint: nodeService('startCommand: node apps/web/.next/standalone/apps/web/server.js'), files: { ...monorepo, 'apps/web/next.config.ts': "export default { output: 'standalone' }" } },
  ],
})
