import type { LoadRecord } from '../load/load-record.ts'
import { arrivalName, type Fault } from './fault.ts'
import { overlap, type Owners } from './served-by.ts'
import type { Reign } from './timeline.ts'

/** Answers that came from a release whose time was over when their request was sent, and answers that do not say whose they are. */
export function findStale(records: readonly LoadRecord[], reigns: readonly Reign[], owners: Owners): Fault[] {
  return records.flatMap((record) =>
    record.hops.flatMap((hop): Fault[] => {
      // A file's name says which release it belongs to; a request without an answer says nothing about releases.
      if (hop.asset === true || hop.headAt === undefined || !isSuccess(hop.status)) return []
      const fault = { arrival: arrivalName(record), at: hop.startedAt }
      const releases = owners(hop.servedBy)
      if (releases.length === 0) return [{ ...fault, is: 'anonymous', detail: `${hop.what} was answered by ${hop.servedBy ?? 'nobody with a name'}` }]
      if (overlap(owners(hop.pinnedTo), releases)) return []
      const own = reigns.filter((reign) => releases.includes(reign.release))
      const last = own.findLast((reign) => reign.from <= (hop.headAt ?? hop.endedAt))
      if (last === undefined || last.to >= hop.startedAt) return []
      const late = Math.round(hop.startedAt - last.to)
      return [{ ...fault, is: 'stale', detail: `${hop.what} was sent ${late} ms after the switch away from release ${last.release} was acknowledged, and ${hop.servedBy} answered it` }]
    }),
  )
}

function isSuccess(status: number | undefined): boolean {
  return status !== undefined && status < 400
}
