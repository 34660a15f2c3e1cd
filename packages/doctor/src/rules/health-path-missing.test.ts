import { describeRule } from '../../test/rule-test.ts'
import { service } from '../../test/samples.ts'
import { healthPathMissing } from './health-path-missing.ts'

describeRule(healthPathMissing, {
  fails: [{ blueprint: service('web', 'runtime: docker'), at: ['render.yaml:2:5'] }],
  passes: [
    { blueprint: service('web', 'runtime: docker', 'healthCheckPath: /healthz') },
    { blueprint: service('pserv', 'runtime: docker') },
    { blueprint: service('web', 'runtime: static', 'staticPublishPath: dist') },
  ],
})
