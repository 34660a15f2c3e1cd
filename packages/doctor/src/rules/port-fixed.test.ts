import { describeRule } from '../../test/rule-test.ts'
import { nodeService } from '../../test/samples.ts'
import { portFixed } from './port-fixed.ts'

describeRule(portFixed, {
  fails: [
    { blueprint: nodeService('startCommand: npx next start -p 3000 # ours'), at: ['render.yaml:6:5'], mended: nodeService('startCommand: npx next start -p $PORT # ours') },
    { blueprint: nodeService("startCommand: 'node main.js --port=4000'", 'envVars: [{ key: PORT, value: 8080 }]'), at: ['render.yaml:6:5'], mended: nodeService("startCommand: 'node main.js --port=$PORT'", 'envVars: [{ key: PORT, value: 8080 }]') },
    { blueprint: nodeService('startCommand: PORT=3000 node main.js'), at: ['render.yaml:6:5'] },
  ],
  passes: [
    { blueprint: nodeService('startCommand: next start -p $PORT') },
    { blueprint: nodeService('startCommand: node main.js --port 10000') },
    { blueprint: nodeService('startCommand: node main.js --port 8080', 'envVars: [{ key: PORT, value: 8080 }]') },
    { blueprint: nodeService('startCommand: mkdir -p 3000 && node main.js') },
  ],
})
