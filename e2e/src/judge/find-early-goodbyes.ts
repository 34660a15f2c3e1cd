import { arrivalName, type Fault } from './fault.ts'
import type { Evidence } from './judge.ts'
import type { Owners } from './served-by.ts'
import type { Reign } from './timeline.ts'

/** Streams and sockets that the server ended although their release still served, or had served within the grace. */
export function findEarlyGoodbyes({ records, streamGraceMs }: Pick<Evidence, 'records' | 'streamGraceMs'>, reigns: readonly Reign[], owners: Owners): Fault[] {
  return records.flatMap((record) =>
    record.hops.flatMap((hop): Fault[] => {
      const releases = owners(hop.servedBy)
      if (hop.serverClosed === undefined || releases.length === 0) return []
      const { at, code } = hop.serverClosed
      const over = reigns.findLast((reign) => releases.includes(reign.release) && reign.from <= at)?.to ?? Number.POSITIVE_INFINITY
      if (at >= over + streamGraceMs) return []
      const when = at < over ? 'while its release served' : `${Math.round(at - over)} ms after its release stopped serving, of ${streamGraceMs} ms grace`
      const how = code === undefined ? 'ended' : `closed with ${code}`
      return [{ is: 'hung-up', arrival: arrivalName(record), at, detail: `${hop.what} was ${how} by ${hop.servedBy} ${when}` }]
    }),
  )
}
