import { describeRule } from '../../test/rule-test.ts'
import { manifest, monorepo, nodeService } from '../../test/samples.ts'
import { fastifyCliGrace } from './fastify-cli-grace.ts'

describeRule(fastifyCliGrace, {
  fails: [
    { blueprint: nodeService('startCommand: npx fastify start app.js', 'maxShutdownDelaySeconds: 60'), at: ['render.yaml:6:5'], mended: nodeService('startCommand: npx fastify start app.js', 'maxShutdownDelaySeconds: 60', 'envVars:', '  - key: FASTIFY_CLOSE_GRACE_DELAY', '    value: 55000') },
    { blueprint: nodeService('startCommand: pnpm --filter api start', 'envVars: []'), files: { ...monorepo, 'apps/api/package.json': manifest('api', { scripts: { start: 'fastify start dist/app.js' } }) }, at: ['render.yaml:6:5'] },
  ],
  passes: [
    { blueprint: nodeService('startCommand: fastify start --close-grace-delay 25000 app.js') },
    { blueprint: nodeService('startCommand: fastify start app.js', 'envVars: [{ key: FASTIFY_CLOSE_GRACE_DELAY, value: 25000 }]') },
  ],
})
