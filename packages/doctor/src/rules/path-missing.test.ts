import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService, service } from '../../test/samples.ts'
import { pathMissing } from './path-missing.ts'

describeRule(pathMissing, {
  fails: [
    { blueprint: nodeService('rootDir: Apps/API'), files: monorepo, at: ['render.yaml:7:5'] },
    { blueprint: service('worker', 'runtime: docker', 'dockerfilePath: apps/api/Dockerfile', 'dockerContext: ./nowhere'), files: monorepo, at: ['render.yaml:5:5', 'render.yaml:6:5'] },
    { blueprint: service('worker', 'runtime: docker'), files: monorepo, at: ['render.yaml:4:5'] },
  ],
  passes: [
    { blueprint: nodeService('rootDir: ./apps/api/'), files: monorepo },
    { blueprint: service('worker', 'runtime: docker', 'rootDir: apps/api', 'dockerfilePath: ./Dockerfile', 'dockerContext: .'), files: { ...monorepo, 'apps/api/Dockerfile': 'FROM node' } },
    { blueprint: nodeService('rootDir: elsewhere', 'repo: https://github.com/acme/other'), files: monorepo },
    { blueprint: nodeService('rootDir: unknown') },
  ],
})
