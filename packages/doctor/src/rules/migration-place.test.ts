import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { migrationPlace } from './migration-place.ts'

describeRule(migrationPlace, {
  fails: [
    { blueprint: nodeService('buildCommand: pnpm install && npx prisma migrate deploy && pnpm build'), at: ['render.yaml:5:5'] },
    { blueprint: nodeService('startCommand: pnpm db:migrate && node dist/main.js'), at: ['render.yaml:6:5'] },
    { blueprint: nodeService('startCommand: pnpm --filter @shop/api up'), files: { ...monorepo, 'apps/api/package.json': '{ "name": "@shop/api", "scripts": { "up": "knex migrate:latest && node main.js" } }' }, at: ['render.yaml:6:5'] },
  ],
  passes: [
    { blueprint: nodeService('preDeployCommand: npx prisma migrate deploy', 'buildCommand: npx prisma generate') },
    { blueprint: nodeService('plan: free', 'buildCommand: npx prisma migrate deploy') },
    { blueprint: nodeService('buildCommand: pnpm run migrate-docs') },
  ],
})
