import { listens, type Address } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { isLoopback, written } from './bind-address-check.ts'
import { bootStart } from './start-check.ts'

/** Copies are told ports that nobody can know beforehand. Whoever listens there reads PORT; what it has open besides is worth a look. */
export function portCheck(): RehearsalCheck {
  return {
    id: 'boot.port',
    title: 'Every service listens on the port that it is told, and on no other',
    concern: 'health',
    after: [bootStart],
    limitMs: 30_000,
    async ask(rehearsal, signal) {
      const { units } = await rehearsal.shared(signal)
      return Promise.all(units.filter(({ spec }) => listens(spec.kind)).map(async (unit) => judge(unit, await unit.listening(signal))))
    },
  }
}

function judge({ spec: { service }, addresses }: CopyUnit, open: readonly Address[]): Finding {
  const told = new Set(addresses.map(({ port }) => port))
  if (!open.some(({ port }) => told.has(port))) return { service, is: 'skipped', finding: `What ${service} listens on cannot be read in this place` }
  const others = open.filter((each) => !told.has(each.port) && !isLoopback(each))
  if (others.length === 0) return { service, is: 'pass', finding: `${service} listens on ${[...told].join(', ')}, as PORT told it` }
  return {
    service, is: 'fail', weight: 'advice',
    finding: `${service} listens on ${others.map(written).join(', ')} as well as on its PORT: whoever reaches it reaches that too`,
    hint: 'If it is a debugger or a server of metrics let it listen on 127.0.0.1, or not at all in production.',
  }
}
