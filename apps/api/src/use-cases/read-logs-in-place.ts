import { plannedIn, type Platform } from '@plimsoll/engine'
import { PlimsollError, type LogLine, type Release, type UnitSpec } from '@plimsoll/model'
import type { Services } from '../services.ts'
import type { LogQuery } from './read-logs.ts'

/**
 * What the services of the live release print, as their platform keeps it: by service and time, and not by release.
 * Throws `NOT_FOUND`, and `PLACE_CANNOT` for what an earlier release alone has printed.
 */
export async function readLogsInPlace({ store }: Pick<Services, 'store'>, query: LogQuery & { readonly platform: Platform }, signal: AbortSignal): Promise<AsyncIterable<LogLine>> {
  const { app, service, release, tail, follow, platform } = query
  const { releases } = await store.releases.list(app, { limit: 50 })
  const shown = releases.find(({ state }) => state === 'live') ?? releases.find(({ kind }) => kind === 'release')
  if (shown === undefined) throw new PlimsollError('NOT_FOUND', `${app} was never released, so nothing was printed`)
  if (release !== undefined && release !== shown.number) throw notByRelease(shown, release)
  const printing = (plannedIn(await store.journalOf(app, shown.number, 0).read())?.specs ?? []).filter(prints)
  const wanted = printing.map((spec) => spec.service).filter((name) => service === undefined || name === service)
  if (wanted.length === 0) {
    throw new PlimsollError('NOT_FOUND', `Release ${shown.number} of ${app} has no service "${service ?? ''}" that prints`, { hint: `It has: ${printing.map((spec) => spec.service).join(', ')}` })
  }
  return platform.logs({ app, services: wanted, tail, follow }, signal)
}

function prints({ kind }: UnitSpec): boolean {
  return kind !== 'static' && kind !== 'keyvalue'
}

function notByRelease({ app, number }: Release, release: number): PlimsollError {
  return new PlimsollError('PLACE_CANNOT', `What ${app} prints is kept where it lives by service and time, so what release ${release} alone has printed cannot be told from release ${number}`, {
    hint: `Without --release, what its services have printed last is shown: plimsoll logs --app ${app} --tail 1000`,
  })
}
