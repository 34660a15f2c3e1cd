import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { Wire } from '../../rehearsal/rehearsal.ts'
import { waitUntil } from '../../wait-until.ts'
import { bootStart } from '../boot/start-check.ts'
import { readsOf } from '../reads-of.ts'
import { wiredCopy } from './wired-copy.ts'

/** Under which id the check that cuts what this one has driven names it. */
export const carriesTraffic = 'services.carries-traffic'

/** Opens every page and asks every read, and counts at each wire. What is declared and never used is a wire to the wrong place, or one too many. */
export function carriesTrafficCheck(): RehearsalCheck {
  return {
    id: carriesTraffic,
    title: 'Every connection that the Blueprint declares is used',
    concern: 'services',
    after: [bootStart],
    limitMs: 90_000,
    async ask(rehearsal, signal) {
      const copy = await wiredCopy(rehearsal, signal)
      if (copy.wires.length === 0) return [{ is: 'skipped', finding: 'No service is told of another one, or of a database, by an address at which it could be watched in this place' }]
      await Promise.all(copy.units.map(async (unit) => readsOf(unit, signal)))
      // A worker takes its time to connect.
      await waitUntil(async () => (copy.wires.every(isUsed) ? true : undefined), settleMs, signal)
      return copy.wires.map(judge)
    },
  }
}

const settleMs = 2_000

function isUsed(wire: Wire): boolean {
  return wire.carried() > 0
}

function judge(wire: Wire): Finding {
  const { from, to, key } = wire
  if (isUsed(wire)) return { service: from, is: 'pass', finding: `${from} uses its connection to ${to} (${key})` }
  return {
    service: from, is: 'fail', weight: 'advice',
    finding: `${from} is told of ${to} (${key}) and never connected to it, in all of its pages and reads`,
    hint: `See that the code reads ${key}; where it does not, take it out of the Blueprint.`,
  }
}
