import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { serverActionsKey } from './server-actions-key.ts'

describeRule(serverActionsKey, {
  fails: [{
    blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: { ...monorepo, 'apps/web/app/actions.ts': "'use server'\nexport async function buy() {}" }, at: ['render.yaml:2:5'],
    mended: nodeService('startCommand: pnpm --filter @shop/web start', 'envVars:', '  - key: NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', '    generateValue: true'),
  }],
  passes: [
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start', 'envVars: [{ key: NEXT_SERVER_ACTIONS_ENCRYPTION_KEY, sync: false }]'), files: { ...monorepo, 'apps/web/app/actions.ts': "'use server'" } },
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: monorepo },
  ],
})
