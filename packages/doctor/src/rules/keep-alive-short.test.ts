import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { keepAliveShort } from './keep-alive-short.ts'

describeRule(keepAliveShort, {
  fails: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/app.ts': 'fastify({ keepAliveTimeout: 5_000 })' }, at: ['apps/api/src/app.ts:1:11'] }],
  passes: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/app.ts': 'fastify({ keepAliveTimeout: 120_000 })' } }],
})
