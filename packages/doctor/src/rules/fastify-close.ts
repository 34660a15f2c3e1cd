import { fastifyApps } from '../fastify-app.ts'
import type { Rule } from '../rule.ts'

/** Versions whose `close()` goes wrong, and how. */
const faulty: Readonly<Record<string, string>> = {
  '5.10.0': 'cuts requests off that are being answered',
  '5.12.5': 'can wait 72 s for a connection on which nobody asks',
}

export const fastifyClose: Rule = {
  id: 'fastify-close',
  severity: 'warning',
  holds: 'Fastify has a version that closes well.',
  why: 'Requests are lost at every deploy, or the program is killed because it does not end in time.',
  *find(subject) {
    for (const { service, repository } of fastifyApps(subject)) {
      const lockfile = repository.text('pnpm-lock.yaml') ?? repository.text('package-lock.json') ?? repository.text('yarn.lock') ?? ''
      const declared = service.app?.manifest.dependencies['fastify'] ?? ''
      const found = Object.keys(faulty).find((version) => declared === version || lockfile.includes(`\n  fastify@${version}:`) || lockfile.includes(`\n  /fastify@${version}:`))
      if (found !== undefined) yield { place: service.node, message: `close() of fastify ${found} ${faulty[found]}`, fix: 'take a newer version of fastify' }
    }
  },
}
