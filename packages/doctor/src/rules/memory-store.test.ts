import { describeRule } from '../../test/rule-test.ts'
import { manifest, monorepo, nodeService } from '../../test/samples.ts'
import { memoryStore } from './memory-store.ts'

const limited = { ...monorepo, 'apps/api/package.json': manifest('@shop/api', { dependencies: { fastify: '5.12.8', '@fastify/rate-limit': '11.0.0' } }) }

describeRule(memoryStore, {
  fails: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'numInstances: 3'), files: limited, at: ['render.yaml:7:5'] }],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: limited },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'numInstances: 3'), files: { ...limited, 'apps/api/src/limit.ts': 'app.register(rateLimit, { redis })' } },
  ],
})
