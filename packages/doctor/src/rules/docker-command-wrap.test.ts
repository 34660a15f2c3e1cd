import { describeRule } from '../../test/rule-test.ts'
import { service } from '../../test/samples.ts'
import { dockerCommandWrap } from './docker-command-wrap.ts'

describeRule(dockerCommandWrap, {
  fails: [
    { blueprint: service('web', 'runtime: docker', 'healthCheckPath: /', 'dockerCommand: sh -c "node a && node b"'), at: ['render.yaml:6:5'] },
    { blueprint: service('worker', 'runtime: docker', "dockerCommand: /bin/bash -lc 'node a'"), at: ['render.yaml:5:5'] },
  ],
  passes: [
    { blueprint: service('web', 'runtime: docker', 'dockerCommand: /bin/bash -c node a && node b') },
    { blueprint: service('web', 'runtime: docker', 'dockerCommand: node a && node b') },
  ],
})
