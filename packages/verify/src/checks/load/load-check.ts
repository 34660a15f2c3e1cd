import type { AppCopy, Rehearsal } from '../../rehearsal/rehearsal.ts'
import type { RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import { bootStart } from '../boot/start-check.ts'
import { judgeLoad } from './judge-load.ts'
import { loadRounds, usualLoad, type LoadLimits, type Side } from './load-rounds.ts'
import { loadRoutes } from './load-routes.ts'

/** Asks what reads, again and again: of the candidate, and of what is live in turns with it. */
export function loadCheck(limits: LoadLimits = usualLoad): RehearsalCheck {
  return {
    id: 'load.requests', title: 'Under load it fails nobody, is as fast as before, and keeps no memory of it', concern: 'load', after: [bootStart], alone: true, limitMs: 60_000,
    async ask(rehearsal, signal) {
      const services = await loadRoutes(await rehearsal.shared(signal), signal)
      if (services.length === 0) return [{ is: 'skipped', finding: 'No service has a path that answers and only reads' }]
      const copies = await copiesOf(rehearsal, signal)
      try {
        const rounds = await loadRounds(services, copies, limits, signal)
        return rounds.flatMap((each) => judgeLoad(copies.candidate.unit(each.service).unit.service, each))
      } finally {
        if (rehearsal.live !== undefined) await Promise.all(Object.values(copies).map(async (copy) => copy.remove()))
      }
    },
  }
}

/** Two that were raised at once, so that neither is warmer than the other; with nothing live the shared one does. */
async function copiesOf(rehearsal: Rehearsal, signal: AbortSignal): Promise<Readonly<Partial<Record<Side, AppCopy>> & { candidate: AppCopy }>> {
  if (rehearsal.live === undefined) return { candidate: await rehearsal.shared(signal) }
  const [candidate, live] = await Promise.all([rehearsal.raise({}, signal), rehearsal.raise({ of: 'live', databases: 'live' }, signal)])
  return { candidate, live }
}
