import { valueOf } from '@plimsoll/blueprint/inspect'
import { buildPaths } from '../build-inputs.ts'
import type { Rule } from '../rule.ts'
import { isNative, servicesHere, type Service } from '../service.ts'

export const buildFilterAbsent: Rule = {
  id: 'build-filter-absent',
  severity: 'info',
  holds: 'A service of a workspace says what it is made of.',
  why: 'Without a build filter every commit deploys every service, and each sync resets a filter that was set in the dashboard.',
  mends: true,
  *find(subject) {
    for (const { service, repository } of servicesHere(subject)) {
      if (!isNative(service) || service.root !== '' || valueOf(service.node, 'buildFilter') !== undefined || !isSure(service)) continue
      if (service.closure.length === 0 || service.closure.length === repository.workspace.packages.length) continue
      const paths = buildPaths(service, repository)
      yield { place: service.node, message: `"${service.name}" is made of ${service.closure.map(({ directory }) => directory).join(', ')}, and every commit deploys it`, fix: `add buildFilter: { paths: [${paths.join(', ')}] }`, remedy: { do: 'add', key: 'buildFilter', value: { paths } } }
    }
  },
}

/** Whether everything that it runs is known to belong to some package. */
function isSure({ commands }: Service): boolean {
  return commands.every(({ analysis }) => analysis.understood && analysis.invocations.every(({ scope }) => scope !== 'all'))
}
