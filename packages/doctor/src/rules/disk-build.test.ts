import { describeRule } from '../../test/rule-test.ts'
import { nodeService } from '../../test/samples.ts'
import { diskBuild } from './disk-build.ts'

describeRule(diskBuild, {
  fails: [
    { blueprint: nodeService('buildCommand: cp -r seed /var/data/', 'disk: { name: d, mountPath: /var/data }'), at: ['render.yaml:5:5'] },
    { blueprint: nodeService('preDeployCommand: node seed.js --to=/var/data', 'disk: { name: d, mountPath: /var/data/ }'), at: ['render.yaml:7:5'] },
  ],
  passes: [
    { blueprint: nodeService('startCommand: node main.js /var/data', 'disk: { name: d, mountPath: /var/data }') },
    { blueprint: nodeService('buildCommand: cp -r seed /var/database', 'disk: { name: d, mountPath: /var/data }') },
  ],
})
