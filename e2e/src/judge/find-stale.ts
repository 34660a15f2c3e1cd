import type { LoadRecord } from '../load/load-record.ts'
import { arrivalName, type Fault } from './fault.ts'
import { releaseOf } from './served-by.ts'
import type { Reign } from './timeline.ts'

/** Answers that came from a release whose time was over when their request was sent, and answers that do not say whose they are. */
export function findStale(records: readonly LoadRecord[], reigns: readonly Reign[]): Fault[] {
  return records.flatMap((record) =>
    record.hops.flatMap((hop): Fault[] => {
      // A file's name says which release it belongs to; a request without an answer says nothing about releases.
      if (hop.asset === true || hop.headAt === undefined || !isSuccess(hop.status)) return []
      const fault = { arrival: arrivalName(record), at: hop.startedAt }
      const release = hop.servedBy === undefined ? undefined : releaseOf(hop.servedBy)
      if (release === undefined) return [{ ...fault, is: 'anonymous', detail: `${hop.what} was answered by ${hop.servedBy ?? 'nobody with a name'}` }]
      if (hop.pinnedTo !== undefined && release === releaseOf(hop.pinnedTo)) return []
      const own = reigns.filter((reign) => reign.release === release)
      const last = own.findLast((reign) => reign.from <= (hop.headAt ?? hop.endedAt))
      if (last === undefined || last.to >= hop.startedAt) return []
      const late = Math.round(hop.startedAt - last.to)
      return [{ ...fault, is: 'stale', detail: `${hop.what} was sent ${late} ms after the switch away from release ${release} was acknowledged, and ${hop.servedBy} answered it` }]
    }),
  )
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status < 400
}
