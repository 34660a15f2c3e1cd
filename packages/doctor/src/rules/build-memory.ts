import type { Rule } from '../rule.ts'
import { commandOf, dependsOn } from '../service.ts'

export const buildMemory: Rule = {
  id: 'build-memory',
  severity: 'info',
  holds: 'A plan has the memory that a build of Next.js takes.',
  why: 'Builds have been seen to take more than 3 GB, and one that runs out of memory is killed without a word.',
  *find({ services }) {
    for (const service of services) {
      const build = commandOf(service, 'buildCommand')
      if (build === undefined || service.runtime !== 'node' || service.plan !== 'free') continue
      if (!/\bnext build\b/.test(build.text) && !dependsOn(service.app, 'next')) continue
      yield { place: build.node, message: 'Next.js is built on the free plan', fix: 'watch the memory of the build, or build an image elsewhere' }
    }
  },
}
