import { describeRule } from '../../test/rule-test.ts'
import { manifest, monorepo, nodeService } from '../../test/samples.ts'
import { jobsInWeb } from './jobs-in-web.ts'

const withCron = { ...monorepo, 'apps/api/package.json': manifest('@shop/api', { dependencies: { fastify: '5.12.8', croner: '11.0.0' } }), 'apps/api/src/jobs.ts': "import { Cron } from 'croner'" }

describeRule(jobsInWeb, {
  fails: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: withCron, at: ['render.yaml:2:5'] }],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...withCron, 'apps/api/src/jobs.ts': '' } },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: monorepo },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js').replace('type: web', 'type: worker'), files: withCron },
  ],
})
