import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { buildFilterDead } from './build-filter-dead.ts'

describeRule(buildFilterDead, {
  fails: [
    { blueprint: nodeService('startCommand: node packages/log/main.js', 'buildFilter:', '  paths:', '    - packages/log/**', '    - packages/gone/**'), files: monorepo, at: ['render.yaml:10:11'] },
    { blueprint: nodeService('buildFilter:', '  paths:', '    - packages/log # logs'), files: monorepo, at: ['render.yaml:9:11'], mended: nodeService('buildFilter:', '  paths:', '    - packages/log/** # logs') },
  ],
  passes: [{ blueprint: nodeService('buildFilter: { paths: [packages/log/**, /turbo.json] }'), files: monorepo }],
})
