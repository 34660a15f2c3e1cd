import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { healthPathDatabase } from './health-path-database.ts'

describeRule(healthPathDatabase, {
  fails: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'healthCheckPath: /healthz'), files: { ...monorepo, 'apps/api/src/routes.ts': "app.get('/healthz', async () => {\n  await pool.query('SELECT 1')\n})\n" }, at: ['apps/api/src/routes.ts:2:9'] }],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'healthCheckPath: /healthz'), files: { ...monorepo, 'apps/api/src/routes.ts': "app.get('/healthz', () => ({ ok: true }))\napp.get('/readyz', () => pool.query('SELECT 1'))\n" } },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: monorepo },
  ],
})
