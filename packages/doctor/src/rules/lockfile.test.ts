import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { lockfile } from './lockfile.ts'

describeRule(lockfile, {
  fails: [
    { blueprint: nodeService('buildCommand: npm ci && npm run build'), files: monorepo, at: ['render.yaml:5:5'] },
    { blueprint: nodeService('buildCommand: pnpm install --frozen-lockfile'), files: { 'package.json': '{}' }, at: ['render.yaml:5:5'] },
    { blueprint: nodeService('buildCommand: pnpm install --frozen-lockfile'), files: { 'package.json': '{ "packageManager": "pnpm@8.15.0" }', 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }, at: ['render.yaml:5:5'] },
  ],
  passes: [
    { blueprint: nodeService('buildCommand: pnpm install --frozen-lockfile'), files: monorepo },
    { blueprint: nodeService('rootDir: server', 'buildCommand: npm ci'), files: { 'server/package.json': '{}', 'server/package-lock.json': '{}' } },
    { blueprint: nodeService('buildCommand: npm install'), files: { 'package.json': '{}' } },
  ],
})
