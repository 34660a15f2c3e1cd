import { listens, type Address } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { bootStart } from './start-check.ts'

/** Reads the sockets: what listens on the loopback alone works on the machine of whoever wrote it, and nowhere else. */
export function bindAddressCheck(): RehearsalCheck {
  return {
    id: 'boot.bind-address',
    title: 'Every service listens where others can reach it',
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
  // A place may lead a port of its own to the one inside: then all that it has open is looked at.
  const wanted = new Set(addresses.map(({ port }) => port))
  const serving = open.some(({ port }) => wanted.has(port)) ? open.filter(({ port }) => wanted.has(port)) : open
  const [first] = serving
  if (first === undefined) return { service, is: 'skipped', finding: `What ${service} listens on cannot be read in this place` }
  if (!serving.every(isLoopback)) return { service, is: 'pass', finding: `${service} listens on ${serving.filter((each) => !isLoopback(each)).map(written).join(', ')}` }
  return {
    service, is: 'fail',
    finding: `${service} listens on ${written(first)} only: in a container, or on Render, nobody would reach it`,
    hint: 'Let it listen on host "0.0.0.0", at the port that PORT names; for Next.js set HOSTNAME=0.0.0.0 in its envVars.',
  }
}

export function isLoopback({ host }: Address): boolean {
  return host.startsWith('127.') || host === '::1' || host === 'localhost' || host.startsWith('::ffff:7f')
}

/** As a URL has it. */
export function written({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
