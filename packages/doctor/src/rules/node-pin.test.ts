import { describeRule } from '../../test/rule-test.ts'
import { manifest, monorepo, nodeService } from '../../test/samples.ts'
import { nodePin } from './node-pin.ts'

describeRule(nodePin, {
  fails: [{ blueprint: nodeService(), files: { 'package.json': manifest('shop') }, at: ['render.yaml:2:5'] }],
  passes: [
    { blueprint: nodeService(), files: monorepo },
    { blueprint: nodeService(), files: { 'package.json': manifest('shop'), '.node-version': '24' } },
    { blueprint: nodeService('rootDir: api'), files: { 'package.json': manifest('shop'), 'api/.nvmrc': '24' } },
    { blueprint: nodeService('envVars: [{ key: NODE_VERSION, value: 24.21.0 }]'), files: { 'package.json': manifest('shop') } },
  ],
})
