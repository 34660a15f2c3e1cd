import { describeRule } from '../../test/rule-test.ts'
import { manifest, monorepo, nodeService } from '../../test/samples.ts'
import { trustProxy } from './trust-proxy.ts'

const limited = { ...monorepo, 'apps/api/package.json': manifest('@shop/api', { dependencies: { fastify: '5.12.8', '@fastify/rate-limit': '11.0.0' } }) }

describeRule(trustProxy, {
  fails: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...limited, 'apps/api/src/main.ts': 'fastify()' }, at: ['render.yaml:2:5'] }],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: limited },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/main.ts': 'fastify()' } },
  ],
})
