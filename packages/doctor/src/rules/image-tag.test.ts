import { describeRule } from '../../test/rule-test.ts'
import { service } from '../../test/samples.ts'
import { imageTag } from './image-tag.ts'

describeRule(imageTag, {
  fails: [{ blueprint: service('worker', 'runtime: image', 'image: { url: ghcr.io/acme/web:1.2 }'), at: ['render.yaml:5:14'] }],
  passes: [{ blueprint: service('worker', 'runtime: image', `image: { url: ghcr.io/acme/web@sha256:${'0'.repeat(64)} }`) }],
})
