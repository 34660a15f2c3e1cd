import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { healthPathUnknown } from './health-path-unknown.ts'

describeRule(healthPathUnknown, {
  fails: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'healthCheckPath: /health'), files: monorepo, at: ['render.yaml:7:5'] }],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'healthCheckPath: /health'), files: { ...monorepo, 'packages/db/src/health.ts': "app.get('/health', () => 'ok')" } },
    { blueprint: nodeService('startCommand: node apps/web/server.js', 'healthCheckPath: /api/health'), files: { ...monorepo, 'apps/web/app/api/health/route.ts': 'export const GET = () => new Response()' } },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'healthCheckPath: /'), files: monorepo },
    { blueprint: nodeService('healthCheckPath: /health') },
  ],
})
