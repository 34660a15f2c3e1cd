import type { Address, ServiceName, Verdict } from '@plimsoll/model'
import type { CandidateUnit, Check, Reach } from '@plimsoll/engine'

const id = 'service.wiring'

/** Every address of its own place that a unit was given accepts a connection, as the unit itself would open it. */
export function wiringCheck(): Check {
  return {
    id,
    title: 'Every address that a service was given is reachable',
    async ask(candidate, signal) {
      const asked = candidate.units.flatMap((unit) => edgesOf(unit).map((edge) => askEdge(unit, edge, signal)))
      return (await Promise.all(asked)).flat()
    },
  }
}

interface WiredEdge {
  /** The variable. */
  readonly key: string
  readonly address: Address
}

async function askEdge(unit: CandidateUnit, edge: WiredEdge, signal: AbortSignal): Promise<Verdict[]> {
  const began = performance.now()
  const reach = await unit.reach(edge.address, signal)
  // An address of somebody else's is none of this release's.
  return reach === undefined ? [] : [{ ...verdictOf(unit.spec.service, edge, reach), tookMs: Math.round(performance.now() - began) }]
}

function verdictOf(service: ServiceName, { key, address: { host, port } }: WiredEdge, reach: Reach): Omit<Verdict, 'tookMs'> {
  const about = { check: id, service }
  const where = `${host}:${port}`
  switch (reach.is) {
    case 'unknown':
      return { ...about, is: 'skipped', finding: `whether ${service} reaches ${where} (${key}) was not asked: ${reach.because}` }
    case 'unreachable':
      return { ...about, is: 'fail', finding: `${service} cannot reach ${where}, which ${key} names (${reach.reason})`, hint: 'See that the service behind it runs and listens on PORT.' }
    default:
      return { ...about, is: 'pass', finding: `${service} reaches ${where} (${key})` }
  }
}

/** The addresses in an environment, whatever form they stand in (`host:port`, a URL, a connection string). */
export function edgesOf({ environment }: Pick<CandidateUnit, 'environment'>): WiredEdge[] {
  return Object.entries(environment).flatMap(([key, value]) => {
    // A public address is reached through the edge, which does not know this candidate yet.
    if (/^https?:/.test(value)) return []
    const [, host, port] = /(?:^|@|\/\/)([a-z0-9.-]+):(\d{2,5})(?:$|\/)/.exec(value) ?? []
    return host === undefined ? [] : [{ key, address: { host, port: Number(port) } }]
  })
}
