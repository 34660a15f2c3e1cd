import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { signalHandler } from './signal-handler.ts'

describeRule(signalHandler, {
  fails: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/main.ts': 'start()' }, at: ['render.yaml:6:5'] }],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: { ...monorepo, 'apps/api/src/main.ts': 'start()', 'packages/log/src/end.ts': "import closeWithGrace from 'close-with-grace'" } },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: monorepo },
    { blueprint: nodeService('startCommand: node apps/web/server.js'), files: { ...monorepo, 'apps/web/server.ts': 'start()' } },
  ],
})
