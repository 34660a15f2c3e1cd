import { posix } from 'node:path'
import { textOf, valueOf } from '@plimsoll/blueprint/inspect'
import type { Rule } from '../rule.ts'
import { servicesHere } from '../service.ts'

export const pathMissing: Rule = {
  id: 'path-missing',
  severity: 'warning',
  holds: 'rootDir, dockerfilePath and dockerContext name what is in the repository.',
  why: 'The build ends before it begins.',
  *find(subject) {
    for (const { service: { node, root, runtime }, repository } of servicesHere(subject)) {
      const wanted = runtime === 'docker' ? ['rootDir', 'dockerfilePath', 'dockerContext'] : ['rootDir']
      for (const key of wanted) {
        const place = valueOf(node, key)
        const path = textOf(node, key)
        if (place === undefined || path === undefined || path.includes('$')) continue
        // Documentation disagrees whether the others begin at rootDir or at the root; either is taken.
        const plain = posix.normalize(path).replace(/^\/+|\/+$/g, '')
        if (repository.has(plain === '.' ? '' : plain) || (key !== 'rootDir' && repository.has(posix.join(root, plain)))) continue
        yield { place, message: `there is no ${path} in the repository`, fix: 'write where it is, from the root of the repository, in the same capitals' }
      }
      if (runtime === 'docker' && valueOf(node, 'dockerfilePath') === undefined && !repository.has('Dockerfile') && !repository.has(posix.join(root, 'Dockerfile'))) {
        yield { place: valueOf(node, 'runtime') ?? node, message: 'there is no Dockerfile where one is looked for', fix: 'add dockerfilePath' }
      }
    }
  },
}
