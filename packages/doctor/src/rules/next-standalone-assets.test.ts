import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { nextStandaloneAssets } from './next-standalone-assets.ts'

describeRule(nextStandaloneAssets, {
  fails: [{ blueprint: nodeService('startCommand: node apps/web/.next/standalone/apps/web/server.js'), files: monorepo, at: ['render.yaml:6:5'] }],
  passes: [
    { blueprint: nodeService('buildCommand: next build && cp -r apps/web/.next/static apps/web/.next/standalone/apps/web/.next/', 'startCommand: node apps/web/.next/standalone/apps/web/server.js'), files: monorepo },
    { blueprint: nodeService('startCommand: node apps/web/.next/standalone/apps/web/server.js'), files: { ...monorepo, 'apps/web/complete.mjs': "cp('.next/static', '.next/standalone')" } },
    { blueprint: nodeService('startCommand: pnpm --filter @shop/web start'), files: monorepo },
  ],
})
