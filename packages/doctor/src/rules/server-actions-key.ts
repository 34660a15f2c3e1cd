import { nextApps } from '../next-app.ts'
import type { Rule } from '../rule.ts'
import { settingOf } from '../setting.ts'

export const serverActionsKey: Rule = {
  id: 'server-actions-key',
  severity: 'info',
  holds: 'Server Actions are encrypted with a key that outlives a release.',
  why: 'Each build makes a key of its own otherwise, and forms in pages of the release before fail. Plimsoll sets one by itself; Render does not.',
  mends: true,
  *find(subject) {
    for (const { service, repository } of nextApps(subject)) {
      const key = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'
      if (service.env.has(key) || service.app === undefined) continue
      const acts = repository.sourcesOf(service.app).some((file) => /^\s*['"]use server['"]/m.test(repository.text(file) ?? ''))
      if (acts) yield { place: service.node, message: `"${service.name}" has Server Actions and no ${key}`, fix: `add ${key} with generateValue: true`, remedy: settingOf(service, { key, generateValue: true }) }
    }
  },
}
