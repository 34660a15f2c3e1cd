import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { doubledPath } from './doubled-path.ts'

describeRule(doubledPath, {
  fails: [{ blueprint: nodeService('rootDir: apps/api', 'startCommand: bash ./apps/api/run.sh # starts it'), files: { ...monorepo, 'apps/api/run.sh': '' }, at: ['render.yaml:6:5'], mended: nodeService('rootDir: apps/api', 'startCommand: bash run.sh # starts it') }],
  passes: [{ blueprint: nodeService('rootDir: apps/api', 'startCommand: bash run.sh'), files: monorepo }, { blueprint: nodeService('startCommand: bash apps/api/run.sh'), files: monorepo }],
})
