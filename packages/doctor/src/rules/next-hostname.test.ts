import { describeRule } from '../../test/rule-test.ts'
import { nodeService } from '../../test/samples.ts'
import { nextHostname } from './next-hostname.ts'

describeRule(nextHostname, {
  fails: [
    { blueprint: nodeService('startCommand: node .next/standalone/server.js', 'healthCheckPath: /'), at: ['render.yaml:6:5'], mended: nodeService('startCommand: node .next/standalone/server.js', 'healthCheckPath: /', 'envVars:', '  - key: HOSTNAME', '    value: 0.0.0.0') },
    {
      blueprint: nodeService('startCommand: node apps/web/.next/standalone/apps/web/server.js', 'envVars:', '# what it needs', '- key: A', '  value: 1 # one', ''), at: ['render.yaml:6:5'],
      mended: nodeService('startCommand: node apps/web/.next/standalone/apps/web/server.js', 'envVars:', '# what it needs', '- key: A', '  value: 1 # one', '- key: HOSTNAME', '  value: 0.0.0.0', ''),
    },
  ],
  passes: [
    { blueprint: nodeService('startCommand: HOSTNAME=0.0.0.0 node .next/standalone/server.js') },
    { blueprint: nodeService('startCommand: node .next/standalone/server.js', 'envVars: [{ key: HOSTNAME, value: 0.0.0.0 }]') },
    { blueprint: nodeService('startCommand: npx next start') },
  ],
})
