import type { Rule } from '../rule.ts'
import { servicesHere } from '../service.ts'

const schedulers = ['node-cron', 'cron', 'node-schedule', 'croner', 'toad-scheduler', '@fastify/schedule', 'bree', 'agenda']

export const jobsInWeb: Rule = {
  id: 'jobs-in-web',
  severity: 'info',
  holds: 'Jobs on a schedule have a service of their own.',
  why: 'While a release replaces another both run them, and so does every further instance.',
  *find(subject) {
    for (const { service, repository } of servicesHere(subject)) {
      const { app, kind, name, node } = service
      const used = schedulers.find((scheduler) => app !== undefined && Object.hasOwn(app.manifest.dependencies, scheduler))
      if (kind !== 'web' || app === undefined || used === undefined) continue
      // Also used to understand schedules, without running anything.
      const runs = repository.sourcesOf(app).some((file) => (repository.text(file) ?? '').includes(`'${used}'`) || (repository.text(file) ?? '').includes(`"${used}"`))
      if (runs) yield { place: node, message: `"${name}" runs jobs with ${used}`, fix: 'move them to a service of type: cron or worker, or see that only one of all instances runs them' }
    }
  },
}
