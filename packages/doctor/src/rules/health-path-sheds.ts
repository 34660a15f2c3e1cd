import { textOf, valueOf } from '@plimsoll/blueprint/inspect'
import { fastifyApps } from '../fastify-app.ts'
import type { Rule } from '../rule.ts'
import { dependsOn } from '../service.ts'

export const healthPathSheds: Rule = {
  id: 'health-path-sheds',
  severity: 'warning',
  holds: 'The health path is not the status route of under-pressure.',
  why: 'Under load that route answers 503 on purpose, and the instances are restarted when they are needed most.',
  *find(subject) {
    for (const { service, mentions } of fastifyApps(subject)) {
      const place = valueOf(service.node, 'healthCheckPath')
      const path = textOf(service.node, 'healthCheckPath')
      if (place === undefined || path === undefined || !['@fastify/under-pressure', 'under-pressure'].some((name) => dependsOn(service.app, name))) continue
      const isStatus = mentions(path === '/status' ? /exposeStatusRoute\s*:\s*true/ : new RegExp(`exposeStatusRoute\\s*:[^}]*['"\`]${path.replaceAll(/[^\w/-]/g, '.')}['"\`]`))
      if (isStatus) yield { place, message: `${path} is the status route of under-pressure`, fix: 'answer health checks on a route of their own that always says 200' }
    }
  },
}
