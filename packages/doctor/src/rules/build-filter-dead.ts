import { itemsOf, valueOf } from '@plimsoll/blueprint/inspect'
import { isMatched } from '../build-inputs.ts'
import type { Rule } from '../rule.ts'
import { servicesHere } from '../service.ts'

export const buildFilterDead: Rule = {
  id: 'build-filter-dead',
  severity: 'warning',
  holds: 'Every path of a build filter matches a file.',
  why: 'A path that matches nothing deploys nothing: a package was moved, or ** was forgotten behind a directory.',
  mends: true,
  *find(subject) {
    for (const { service, repository } of servicesHere(subject)) {
      for (const node of itemsOf(valueOf(service.node, 'buildFilter'), 'paths')) {
        if (node.is !== 'scalar' || typeof node.value !== 'string') continue
        const glob = node.value
        if ([...repository.files].some((file) => isMatched(file, [glob]))) continue
        const directory = glob.replace(/^\.?\//, '').replace(/\/+$/, '')
        const inside = `${directory}/**`
        const isDirectory = directory !== '' && !/[*?[\]]/.test(directory) && repository.has(directory)
        yield { place: node, message: `"${glob}" matches no file`, fix: isDirectory ? `write ${inside}` : 'write a path that is there, from the root of the repository', remedy: isDirectory ? { do: 'write', value: inside } : undefined }
      }
    }
  },
}
