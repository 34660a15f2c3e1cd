import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { filterWithoutDependencies } from './filter-without-dependencies.ts'

describeRule(filterWithoutDependencies, {
  fails: [
    { blueprint: nodeService('buildCommand: pnpm install && pnpm --filter @shop/api build'), files: monorepo, at: ['render.yaml:5:5'], mended: nodeService('buildCommand: pnpm install && pnpm --filter @shop/api... build') },
    { blueprint: nodeService('buildCommand: pnpm install && npx turbo run build --filter=api'), files: { ...monorepo, 'turbo.json': '{ "tasks": { "build": {}, } } // none' }, at: ['render.yaml:5:5'], mended: nodeService('buildCommand: pnpm install && npx turbo run build --filter=api...') },
    { blueprint: nodeService('buildCommand: pnpm install --filter ./apps/api && pnpm --filter ./apps/api... build'), files: monorepo, at: ['render.yaml:5:5'], mended: nodeService('buildCommand: pnpm install --filter ./apps/api... && pnpm --filter ./apps/api... build') },
  ],
  passes: [
    { blueprint: nodeService('buildCommand: pnpm install && pnpm --filter @shop/api... build'), files: monorepo },
    { blueprint: nodeService('buildCommand: pnpm install && pnpm turbo run build --filter=@shop/api'), files: monorepo },
    { blueprint: nodeService('buildCommand: pnpm install && pnpm -r build && pnpm --filter @shop/api build'), files: monorepo },
    { blueprint: nodeService('buildCommand: pnpm install && pnpm --filter @shop/log build && pnpm --filter @shop/db build && pnpm --filter @shop/api build'), files: monorepo },
    { blueprint: nodeService('buildCommand: pnpm install && pnpm --filter @shop/web build'), files: monorepo },
  ],
})
