import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { nextTracingRoot } from './next-tracing-root.ts'

describeRule(nextTracingRoot, {
  fails: [{ blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: { ...monorepo, 'apps/web/pnpm-lock.yaml': '', 'apps/web/next.config.ts': "export default {\n  output: 'standalone',\n}" }, at: ['apps/web/next.config.ts:2:3'] }],
  passes: [
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: { ...monorepo, 'apps/web/next.config.ts': "export default { output: 'standalone' }" } },
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: { ...monorepo, 'apps/web/pnpm-lock.yaml': '', 'apps/web/next.config.ts': "export default { output: 'standalone', outputFileTracingRoot: '../..' }" } },
  ],
})
