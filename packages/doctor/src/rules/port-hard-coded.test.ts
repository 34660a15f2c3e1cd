import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { portHardCoded } from './port-hard-coded.ts'

describeRule(portHardCoded, {
  fails: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/main.ts': "app.listen({ host: '0.0.0.0', port: 3001 })" }, at: ['apps/api/src/main.ts:1:37'] }],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/main.ts': "app.listen({ host: '0.0.0.0', port: 0 })\napp.listen({ host, port: Number(process.env.PORT ?? 3001) })" } },
  ],
})
