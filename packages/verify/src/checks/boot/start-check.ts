import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { migrateEmpty } from '../database/migrate-empty-check.ts'
import { failureOf, saysSomething } from '../failure-of.ts'

/** Under which id everything that needs a running copy names it. */
export const bootStart = 'boot.start'

/** Raises the copy that other checks share: pre-deploy commands, start commands, health paths, all as a release has them. */
export function startCheck(): RehearsalCheck {
  return {
    id: bootStart,
    title: 'Every service gets healthy, from what was built and with its own start command',
    concern: 'health',
    // A database that cannot be made is told once.
    after: [migrateEmpty],
    limitMs: 180_000,
    async ask(rehearsal, signal) {
      const began = performance.now()
      try {
        const { units } = await rehearsal.shared(signal)
        const seconds = ((performance.now() - began) / 1000).toFixed(1)
        return [{ is: 'pass', finding: `${units.map(({ spec }) => spec.service).join(', ')} ${units.length === 1 ? 'is' : 'are'} up after ${seconds} s, with databases of their own` }]
      } catch (error) {
        if (!saysSomething(error)) throw error
        return [failureOf(error)]
      }
    },
  }
}
