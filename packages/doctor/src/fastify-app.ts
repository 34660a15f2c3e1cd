import type { RepositoryFiles } from './repository-files.ts'
import { dependsOn, servicesHere, type Service } from './service.ts'

/** A service that people or other services ask, and that answers with Fastify. */
export interface FastifyApp {
  readonly service: Service
  readonly repository: RepositoryFiles
  /** Programs of its own package. */
  readonly own: readonly string[]
  /** Whether one of `words` stands in a program of its package, or of one that it depends on. */
  mentions(words: RegExp): boolean
}

export function fastifyApps(subject: Parameters<typeof servicesHere>[0]): FastifyApp[] {
  return servicesHere(subject).flatMap(({ service, repository }) => {
    const { app } = service
    if (app === undefined || !dependsOn(app, 'fastify') || !['web', 'pserv'].includes(service.kind)) return []
    const own = repository.sourcesOf(app)
    const all = [...new Set([...own, ...service.closure.flatMap(repository.sourcesOf)])]
    return [{ service, repository, own, mentions: (words) => all.some((file) => words.test(repository.text(file) ?? '')) }]
  })
}
