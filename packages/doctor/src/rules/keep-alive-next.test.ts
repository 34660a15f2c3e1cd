import { describeRule } from '../../test/rule-test.ts'
import { nodeService } from '../../test/samples.ts'
import { keepAliveNext } from './keep-alive-next.ts'

describeRule(keepAliveNext, {
  fails: [{ blueprint: nodeService('envVars: [{ key: KEEP_ALIVE_TIMEOUT, value: 60000 }]'), at: ['render.yaml:7:15'] }],
  passes: [{ blueprint: nodeService('envVars: [{ key: KEEP_ALIVE_TIMEOUT, value: 55000 }]') }],
})
