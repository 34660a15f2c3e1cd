import { describeRule } from '../../test/rule-test.ts'
import { nodeService } from '../../test/samples.ts'
import { nextManualSignals } from './next-manual-signals.ts'

describeRule(nextManualSignals, {
  fails: [{ blueprint: nodeService("envVars: [{ key: NEXT_MANUAL_SIG_HANDLE, value: 'true' }]"), at: ['render.yaml:7:15'] }],
  passes: [{ blueprint: nodeService('envVars: [{ key: A, value: 1 }]') }],
})
