import { nextApps } from '../next-app.ts'
import { valueOf } from '@plimsoll/blueprint/inspect'
import type { Rule } from '../rule.ts'

export const nextCacheInstances: Rule = {
  id: 'next-cache-instances',
  severity: 'warning',
  holds: 'Several instances of an app of Next.js share their cache.',
  why: 'Each has its own otherwise: revalidating reaches one of them, and users see old and new pages in turn.',
  *find(subject) {
    for (const { service, config } of nextApps(subject)) {
      const place = valueOf(service.node, 'scaling') ?? valueOf(service.node, 'numInstances')
      if (place === undefined || service.instances < 2 || /\bcacheHandlers?\b/.test(config) || /\boutput\s*:\s*['"]export['"]/.test(config)) continue
      yield { place, message: `up to ${service.instances} instances, each with a cache of its own`, fix: 'set cacheHandler in next.config to one that they share' }
    }
  },
}
