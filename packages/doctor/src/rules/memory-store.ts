import { valueOf } from '@plimsoll/blueprint/inspect'
import { fastifyApps } from '../fastify-app.ts'
import type { Rule } from '../rule.ts'
import { dependsOn } from '../service.ts'

const kept = { '@fastify/rate-limit': 'counts requests', '@fastify/session': 'keeps sessions' } as const

export const memoryStore: Rule = {
  id: 'memory-store',
  severity: 'warning',
  holds: 'Several instances do not keep what they share in memory.',
  why: 'Each instance knows a part: limits are many times what they say, and people are signed out at every other request.',
  *find(subject) {
    for (const { service, own, mentions } of fastifyApps(subject)) {
      const place = valueOf(service.node, 'scaling') ?? valueOf(service.node, 'numInstances')
      if (place === undefined || service.instances < 2 || own.length === 0 || mentions(/\b(?:redis|store)\b/i)) continue
      for (const name of Object.keys(kept) as (keyof typeof kept)[]) {
        if (dependsOn(service.app, name)) yield { place, message: `up to ${service.instances} instances, and ${name} ${kept[name]} in the memory of each`, fix: `give ${name} a store that they share, such as a key-value service` }
      }
    }
  },
}
