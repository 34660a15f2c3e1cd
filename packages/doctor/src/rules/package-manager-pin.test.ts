import { describeRule } from '../../test/rule-test.ts'
import { manifest, monorepo, nodeService } from '../../test/samples.ts'
import { packageManagerPin } from './package-manager-pin.ts'

describeRule(packageManagerPin, {
  fails: [{ blueprint: nodeService('buildCommand: cd x && pnpm install'), files: { ...monorepo, 'package.json': manifest('shop') }, at: ['render.yaml:5:5'] }],
  passes: [
    { blueprint: nodeService('buildCommand: pnpm install'), files: monorepo },
    { blueprint: nodeService('buildCommand: pnpm install'), files: { 'package.json': manifest('shop', { devEngines: { packageManager: { name: 'pnpm', version: '12.21.0' } } }) } },
    { blueprint: nodeService('buildCommand: npx pnpm@12.21.0 install && pnpm build'), files: { 'package.json': manifest('shop') } },
    { blueprint: nodeService('buildCommand: npm ci'), files: { 'package.json': manifest('shop') } },
  ],
})
