import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService } from '../../test/samples.ts'
import { rootDirWorkspace } from './root-dir-workspace.ts'

describeRule(rootDirWorkspace, {
  fails: [
    { blueprint: nodeService('rootDir: apps/api'), files: monorepo, at: ['render.yaml:7:5'] },
    { blueprint: nodeService('rootDir: packages/log'), files: monorepo, at: ['render.yaml:7:5'] },
  ],
  passes: [
    { blueprint: nodeService('startCommand: node apps/api/dist/main.js'), files: monorepo },
    { blueprint: nodeService('rootDir: packages/log'), files: { ...monorepo, 'packages/log/pnpm-lock.yaml': '' } },
    { blueprint: nodeService('rootDir: server'), files: { 'server/package.json': '{}', 'server/package-lock.json': '{}' } },
  ],
})
