import { itemsOf, valueOf, type YamlNode } from '@plimsoll/blueprint/inspect'
import { installsOthers, isMatched, lockfiles } from '../build-inputs.ts'
import type { RepositoryFiles } from '../repository-files.ts'
import type { Rule } from '../rule.ts'
import { servicesHere, type Service } from '../service.ts'

export const buildFilterShared: Rule = {
  id: 'build-filter-shared',
  severity: 'warning',
  holds: 'A build filter knows every package that a service is made of, and the lockfile.',
  why: 'A change there does not deploy the service, so it goes on with code that no longer fits the rest.',
  mends: true,
  *find(subject) {
    for (const { service, repository } of servicesHere(subject)) {
      const filter = valueOf(service.node, 'buildFilter')
      const list = valueOf(filter, 'paths')
      const ignored = valueOf(filter, 'ignoredPaths')
      if (list !== undefined && textsOf(filter, 'paths').length > 0) {
        const forgotten = inputsOf(service, repository).filter(({ file }) => !isMatched(file, textsOf(filter, 'paths')))
        const globs = forgotten.map(({ glob }) => glob)
        if (globs.length > 0) yield { place: list, message: `forgets ${globs.join(', ')}`, fix: `add ${globs.join(', ')}`, remedy: { do: 'append', items: globs } }
      }
      const lost = inputsOf(service, repository).filter(({ file }) => isMatched(file, textsOf(filter, 'ignoredPaths')))
      if (ignored !== undefined && lost.length > 0) yield { place: ignored, message: `ignores ${lost.map(({ glob }) => glob).join(', ')}, which "${service.name}" is made of`, fix: 'ignore less' }
    }
  },
}

/** One file for each thing that must be matched: who matches a package's own list of files, matches the package. */
function inputsOf(service: Service, { files, sourcesOf }: RepositoryFiles): { file: string; glob: string }[] {
  const packages = service.closure.flatMap((one) => {
    const some = sourcesOf(one)[0] ?? `${one.directory}/package.json`
    return [{ file: some, glob: `${one.directory}/**` }]
  })
  const lockfile = installsOthers(service) ? lockfiles.find((name) => files.has(name)) : undefined
  return lockfile === undefined ? packages : [...packages, { file: lockfile, glob: lockfile }]
}

function textsOf(node: YamlNode | undefined, key: string): string[] {
  return itemsOf(node, key).flatMap((item) => (item.is === 'scalar' && typeof item.value === 'string' ? [item.value] : []))
}
