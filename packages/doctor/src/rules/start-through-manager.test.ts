import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { startThroughManager } from './start-through-manager.ts'

describeRule(startThroughManager, {
  fails: [
    { blueprint: nodeService('startCommand: npm start'), at: ['render.yaml:6:5'] },
    { blueprint: nodeService('startCommand: cd apps/api && pnpm start'), files: monorepo, at: ['render.yaml:6:5'] },
  ],
  passes: [
    { blueprint: nodeService('startCommand: node dist/main.js') },
    { blueprint: nodeService('startCommand: pnpm seed && exec node dist/main.js') },
    { blueprint: nodeService('preDeployCommand: pnpm migrate') },
  ],
})
