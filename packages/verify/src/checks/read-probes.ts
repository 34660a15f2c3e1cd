import { listens, type ServiceName } from '@plimsoll/model'
import { exchange } from '../exchange.ts'
import { inTurn } from '../in-turn.ts'
import { mostPages, nextPagesOf } from '../next-pages.ts'
import { freeReadsOf } from '../openapi/free-reads.ts'
import type { CopyUnit } from '../rehearsal/rehearsal.ts'
import { statusPathsOf } from './reads-of.ts'

/** A question that changes nothing, and that an answer was good for. */
export interface ReadProbe {
  readonly service: ServiceName
  readonly path: string
}

export interface ReadAnswer extends ReadProbe {
  /** Undefined: none in time, or a connection that broke. */
  readonly status: number | undefined
}

const mostRoutes = 40
const timeoutMs = 10_000
const inFlight = 4

/** What can be asked of a unit that runs: where it says how it is, pages without a parameter, and the routes that its OpenAPI document says need none. */
export async function readProbesOf(unit: CopyUnit, signal: AbortSignal): Promise<readonly ReadProbe[]> {
  const [address] = unit.addresses
  if (address === undefined || !listens(unit.spec.kind)) return []
  const [pages, routes] = await Promise.all([nextPagesOf(unit.files), freeReadsOf(address, signal)])
  const paths = [...statusPathsOf(unit), ...(pages?.fixed ?? []).slice(0, mostPages), ...routes.slice(0, mostRoutes)]
  return [...new Set(paths)].map((path) => ({ service: unit.spec.service, path }))
}

/** Asks each once, a few at a time. */
export async function askReads(units: readonly CopyUnit[], probes: readonly ReadProbe[], signal: AbortSignal): Promise<readonly ReadAnswer[]> {
  const byService = units.map(async ({ spec, addresses: [address] }) => {
    if (address === undefined) return []
    return inTurn(probes.filter(({ service }) => service === spec.service), inFlight, async (probe): Promise<ReadAnswer> => {
      const reply = await exchange({ address, path: probe.path, timeoutMs, headOnly: true }, signal)
      return { ...probe, status: reply.is === 'answer' ? reply.status : undefined }
    })
  })
  return (await Promise.all(byService)).flat()
}

/** No answer, or one that says that the service is at fault. */
export function isBad({ status }: Pick<ReadAnswer, 'status'>): boolean {
  return status === undefined || status >= 500
}
