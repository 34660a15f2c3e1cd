import { lockfiles } from '../build-inputs.ts'
import { nextApps } from '../next-app.ts'
import { placeIn } from '../place.ts'
import type { Rule } from '../rule.ts'

export const nextTracingRoot: Rule = {
  id: 'next-tracing-root',
  severity: 'warning',
  holds: 'With several lockfiles, next.config says which directory is the root.',
  why: 'Next.js takes the directory of one of them for the root, and leaves packages beyond it out of the standalone server.',
  *find(subject) {
    for (const { service, repository, at, file, config } of nextApps(subject)) {
      const own = lockfiles.find((name) => repository.files.has(`${at}${name}`))
      const atRoot = lockfiles.find((name) => repository.files.has(name))
      const output = config.search(/\boutput\s*:\s*['"]standalone['"]/)
      if (at === '' || own === undefined || atRoot === undefined || output === -1 || config.includes('outputFileTracingRoot') || service.closure.length < 2) continue
      yield { place: placeIn(config, output), file, message: `there is a ${atRoot} at the root and a ${at}${own}`, fix: "add outputFileTracingRoot: join(import.meta.dirname, '../..'), or remove the inner lockfile" }
    }
  },
}
