import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { nextStandaloneNested } from './next-standalone-nested.ts'

describeRule(nextStandaloneNested, {
  fails: [{ blueprint: nodeService('startCommand: node apps/web/.next/standalone/server.js'), files: monorepo, at: ['render.yaml:6:5'], mended: nodeService('startCommand: node apps/web/.next/standalone/apps/web/server.js') }],
  passes: [
    { blueprint: nodeService('startCommand: node apps/web/.next/standalone/apps/web/server.js'), files: monorepo },
    { blueprint: nodeService('startCommand: node apps/web/.next/standalone/server.js'), files: { ...monorepo, 'apps/web/next.config.ts': 'export default { outputFileTracingRoot: import.meta.dirname }' } },
  ],
})
