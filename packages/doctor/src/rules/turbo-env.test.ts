import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { turboEnv } from './turbo-env.ts'

describeRule(turboEnv, {
  fails: [{ blueprint: nodeService('buildCommand: pnpm install && pnpm turbo run build --filter=@shop/web...', 'startCommand: pnpm --filter @shop/web start', 'envVars: [{ key: API_URL, value: https://a.example }]'), files: { ...monorepo, 'apps/web/next.config.ts': "const api = process.env.API_URL\nexport default {}" }, at: ['apps/web/next.config.ts:1:13'] }],
  passes: [
    { blueprint: nodeService('buildCommand: pnpm turbo run build', 'startCommand: pnpm --filter @shop/web start', 'envVars: [{ key: API_URL, value: https://a.example }]'), files: { ...monorepo, 'apps/web/next.config.ts': 'process.env.API_URL', 'turbo.json': '{ "tasks": { "build": { "env": ["API_*"], "dependsOn": ["^build"] } } }' } },
    { blueprint: nodeService('buildCommand: pnpm turbo run build', 'startCommand: pnpm --filter @shop/web start', 'envVars: [{ key: NEXT_PUBLIC_A, value: https://a.example }]'), files: { ...monorepo, 'apps/web/next.config.ts': 'process.env.NEXT_PUBLIC_A + process.env.OTHER' } },
    { blueprint: nodeService('buildCommand: pnpm --filter @shop/web... build', 'startCommand: pnpm --filter @shop/web start', 'envVars: [{ key: API_URL, value: https://a.example }]'), files: { ...monorepo, 'apps/web/next.config.ts': 'process.env.API_URL' } },
  ],
})
