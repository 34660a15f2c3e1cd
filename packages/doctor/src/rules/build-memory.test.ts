import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { buildMemory } from './build-memory.ts'

describeRule(buildMemory, {
  fails: [
    { blueprint: nodeService('buildCommand: npx next build', 'plan: free'), at: ['render.yaml:5:5'] },
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start', 'plan: free'), files: monorepo, at: ['render.yaml:5:5'] },
  ],
  passes: [{ blueprint: nodeService('buildCommand: npx next build', 'plan: standard') }, { blueprint: nodeService('plan: free') }],
})
