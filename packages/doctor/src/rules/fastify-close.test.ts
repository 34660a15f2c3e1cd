import { describeRule } from '../../test/rule-test.ts'
import { manifest, monorepo, nodeService } from '../../test/samples.ts'
import { fastifyClose } from './fastify-close.ts'

describeRule(fastifyClose, {
  fails: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'pnpm-lock.yaml': 'packages:\n\n  fastify@5.10.0:\n    resolution: {}\n' }, at: ['render.yaml:2:5'] },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/package.json': manifest('@shop/api', { dependencies: { fastify: '5.12.5' } }) }, at: ['render.yaml:2:5'] },
  ],
  passes: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: monorepo }],
})
