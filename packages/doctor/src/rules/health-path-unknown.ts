import { textOf, valueOf } from '@plimsoll/blueprint/inspect'
import type { Rule } from '../rule.ts'
import { dependsOn, servicesHere } from '../service.ts'

export const healthPathUnknown: Rule = {
  id: 'health-path-unknown',
  severity: 'warning',
  holds: 'The program answers on its health path.',
  why: 'A path that nobody answers never becomes healthy: each deploy waits 15 minutes and is cancelled.',
  *find(subject) {
    for (const { service, repository } of servicesHere(subject)) {
      const place = valueOf(service.node, 'healthCheckPath')
      const path = textOf(service.node, 'healthCheckPath')
      const { app, closure, kind } = service
      if (place === undefined || path === undefined || app === undefined || kind !== 'web' || !(dependsOn(app, 'next') || dependsOn(app, 'fastify'))) continue
      const last = path.split(/[?#]/)[0]?.split('/').filter((step) => step !== '').at(-1)
      const sources = [...new Set([...repository.sourcesOf(app), ...closure.flatMap(repository.sourcesOf)])]
      // The front page is always there, and of a package without programs nothing is known.
      if (last === undefined || sources.length === 0) continue
      const isThere = sources.some((file) => file.includes(last) || (repository.text(file) ?? '').includes(last))
      if (!isThere) yield { place, message: `no program of "${service.name}" speaks of ${path}`, fix: `answer 200 on ${path}, or write the path that the program answers on` }
    }
  },
}
