import { describeRule } from '../../test/rule-test.ts'
import { monorepo, nodeService, service } from '../../test/samples.ts'
import { nextPublicBuild } from './next-public-build.ts'

describeRule(nextPublicBuild, {
  fails: [
    { blueprint: service('web', 'runtime: docker', 'envVars: [{ key: NEXT_PUBLIC_API, value: https://a.example }]'), files: { ...monorepo, Dockerfile: 'FROM node\nARG NEXT_PUBLIC_API_URL\n' }, at: ['render.yaml:5:15'] },
    { blueprint: service('web', 'runtime: image', 'image: { url: nginx }', 'envVars: [{ key: VITE_API, value: https://a.example }]'), at: ['render.yaml:6:15'] },
  ],
  passes: [
    { blueprint: service('web', 'runtime: docker', 'envVars: [{ key: NEXT_PUBLIC_API, value: https://a.example }]'), files: { ...monorepo, Dockerfile: 'FROM node\nARG PORT NEXT_PUBLIC_API\n' } },
    { blueprint: nodeService('envVars: [{ key: NEXT_PUBLIC_API, value: https://a.example }]') },
  ],
})
