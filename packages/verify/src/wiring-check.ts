import type { Address, Verdict } from '@plimsoll/model'
import type { CandidateUnit, Check, Probe } from '@plimsoll/engine'
import { timed } from './timed.ts'

/** Every private address that a unit was given accepts a connection, as the unit itself would open it. */
export function wiringCheck(probe: Probe): Check {
  return {
    id: 'service.wiring',
    title: 'Every address that a service was given is reachable',
    async ask(candidate, signal) {
      return (await Promise.all(candidate.units.map((unit) => askWiring(probe, unit, signal)))).flat()
    },
  }
}

function askWiring(probe: Probe, unit: CandidateUnit, signal: AbortSignal): Promise<Verdict[]> {
  return Promise.all(edgesOf(unit).map(({ key, address }) => timed(async () => {
    const about = { check: 'service.wiring', service: unit.spec.service }
    const result = await probe.tcp({ address, timeoutMs: 3_000 }, signal)
    const where = `${address.host}:${address.port}`
    return result.is === 'healthy'
      ? { ...about, is: 'pass', finding: `${unit.spec.service} reaches ${where} (${key})` } as const
      : { ...about, is: 'fail', finding: `${unit.spec.service} cannot reach ${where}, which ${key} names`, hint: 'See that the service behind it runs and listens on PORT.' } as const
  })))
}

/** The loopback addresses in an environment, whatever form they stand in (`host:port`, a URL, a connection string). */
export function edgesOf({ environment }: Pick<CandidateUnit, 'environment'>): { readonly key: string; readonly address: Address }[] {
  return Object.entries(environment).flatMap(([key, value]) => {
    // A public address is reached through the edge, which does not know this candidate yet.
    if (/^https?:/.test(value)) return []
    const match = /(?:^|@|\/\/)(127\.0\.0\.1):(\d{2,5})(?:$|\/)/.exec(value)
    return match === null ? [] : [{ key, address: { host: match[1] ?? '', port: Number(match[2]) } }]
  })
}
