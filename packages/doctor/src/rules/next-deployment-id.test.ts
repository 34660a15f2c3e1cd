import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { nextDeploymentId } from './next-deployment-id.ts'

describeRule(nextDeploymentId, {
  fails: [{ blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: { ...monorepo, 'apps/web/next.config.ts': "export default { deploymentId: 'v1' }" }, at: ['apps/web/next.config.ts:1:18'] }],
  passes: [
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: { ...monorepo, 'apps/web/next.config.ts': 'export default { deploymentId: process.env.COMMIT }' } },
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: { ...monorepo, 'apps/web/next.config.ts': "/* deploymentId: 'v1' */ export default {}" } },
  ],
})
