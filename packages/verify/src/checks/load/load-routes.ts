import { listens } from '@plimsoll/model'
import type { AppCopy, CopyUnit } from '../../rehearsal/rehearsal.ts'
import { exchange } from '../../exchange.ts'
import { readsOf } from '../reads-of.ts'

/** What a service is asked under load: only what reads. */
export interface LoadedService {
  readonly service: string
  readonly paths: readonly string[]
}

/** What a quarter of a minute is enough for. */
const mostPaths = 4

/** Of each service that is reached from outside the paths that may be asked again and again, pages first; none for one that has none. */
export async function loadRoutes(copy: AppCopy, signal: AbortSignal): Promise<readonly LoadedService[]> {
  const open = copy.units.filter(({ spec }) => listens(spec.kind) && copy.url(spec.service) !== undefined)
  const services = await Promise.all(open.map(async (unit) => {
    const asked = await Promise.all((await readsOf(unit, signal)).map(async (path) => ((await isWhole({ unit, path }, signal)) ? [path] : [])))
    return { service: unit.spec.service, paths: asked.flat().slice(0, mostPaths) }
  }))
  return services.filter(({ paths }) => paths.length > 0)
}

const timeoutMs = 5_000

/** Neither a redirect, of which there is nothing to measure, nor a stream, which has no end. */
async function isWhole({ unit: { addresses: [address] }, path }: { readonly unit: CopyUnit; readonly path: string }, signal: AbortSignal): Promise<boolean> {
  const reply = address && (await exchange({ address, path, timeoutMs }, signal))
  return reply?.is === 'answer' && reply.status < 300 && !(reply.headers['content-type'] ?? '').startsWith('text/event-stream')
}

/** By number, so that nothing of how names are looked up is measured. */
export function originOf(copy: AppCopy, { spec }: Pick<CopyUnit, 'spec'>): string {
  return `http://127.0.0.1:${new URL(copy.url(spec.service) ?? '').port}`
}
