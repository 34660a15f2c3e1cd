import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { bindHost } from './bind-host.ts'

describeRule(bindHost, {
  fails: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/main.ts': "const app = fastify()\nawait app.listen({ port: 3000 })" }, at: ['apps/api/src/main.ts:2:7'] },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/main.ts': "import fastify from 'fastify'\nserver.listen({ port, host: process.env.HOST ?? '127.0.0.1' })" }, at: ['apps/api/src/main.ts:2:1'] },
  ],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: monorepo },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/main.ts': 'app.listen({ path: socket })\napp.listen({ ...where })\napp.listen(options)\napp.listen({ port, host })', 'apps/api/src/free-port.ts': "server.listen({ port: 0, host: '127.0.0.1' })", 'apps/api/src/a.test.ts': 'app.listen({ port: 0 })' } },
    { blueprint: nodeService('startCommand: node apps/web/server.js'), files: { ...monorepo, 'apps/web/server.ts': 'app.listen({ port: 1 })' } },
  ],
})
