import { fastifyApps } from '../fastify-app.ts'
import type { Rule } from '../rule.ts'
import { dependsOn } from '../service.ts'

export const trustProxy: Rule = {
  id: 'trust-proxy',
  severity: 'warning',
  holds: 'Fastify behind a proxy that counts requests by address trusts the proxy.',
  why: 'Every request seems to come from the proxy, so the first visitor who asks too much locks everybody out.',
  *find(subject) {
    for (const { service, own, mentions } of fastifyApps(subject)) {
      if (service.kind !== 'web' || own.length === 0 || !dependsOn(service.app, '@fastify/rate-limit')) continue
      if (!mentions(/trustProxy|keyGenerator/)) yield { place: service.node, message: `"${service.name}" limits requests by address and does not set trustProxy`, fix: 'write fastify({ trustProxy: true }) behind a proxy that sets X-Forwarded-For itself' }
    }
  },
}
