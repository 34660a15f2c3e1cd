import { describeRule } from '../../test/rule-test.ts'
import { manifest, monorepo, nodeService } from '../../test/samples.ts'
import { healthPathSheds } from './health-path-sheds.ts'

const withPressure = (text: string) => ({ 'apps/api/package.json': manifest('@shop/api', { dependencies: { fastify: '5.12.8', '@fastify/under-pressure': '9.0.0' } }), 'apps/api/src/app.ts': text })

describeRule(healthPathSheds, {
  fails: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'healthCheckPath: /status'), files: { ...monorepo, ...withPressure("app.register(underPressure, { exposeStatusRoute: true })") }, at: ['render.yaml:7:5'] },
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'healthCheckPath: /alive'), files: { ...monorepo, ...withPressure("app.register(underPressure, { exposeStatusRoute: { url: '/alive' } })") }, at: ['render.yaml:7:5'] },
  ],
  passes: [{ blueprint: nodeService('startCommand: node apps/api/dist/main.js', 'healthCheckPath: /healthz'), files: { ...monorepo, ...withPressure("app.get('/healthz', ok)\napp.register(underPressure, { exposeStatusRoute: true })") } }],
})
