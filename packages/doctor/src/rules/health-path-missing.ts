import { valueOf } from '@plimsoll/blueprint/inspect'
import type { Rule } from '../rule.ts'

export const healthPathMissing: Rule = {
  id: 'health-path-missing',
  severity: 'warning',
  holds: 'A web service names a path by which it is known to be healthy.',
  why: 'Without it an open port counts as ready, so users meet a program that cannot answer yet, or never will.',
  *find({ services }) {
    for (const { node, kind, name } of services) {
      if (kind !== 'web' || valueOf(node, 'healthCheckPath') !== undefined) continue
      yield { place: node, message: `"${name}" has no healthCheckPath`, fix: 'add healthCheckPath: /healthz, and answer 200 there without asking the database' }
    }
  },
}
