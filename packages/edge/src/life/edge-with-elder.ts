import type { Edge } from '@plimsoll/engine'
import { sumOfCounters } from '../proxy/sum-of-counters.ts'
import type { Elder } from './elder.ts'

/** The edge of this process, counting what is in flight in the process before it as its own. */
export function edgeWithElder(edge: Edge, elder: Elder | undefined): Edge {
  if (elder === undefined) return edge
  return {
    ...edge,
    async drain(request, signal) {
      const [mine, its] = await Promise.all([edge.drain(request, signal), elder.drain(request, signal)])
      return { waitedMs: Math.max(mine.waitedMs, its.waitedMs), cutRequests: mine.cutRequests + its.cutRequests, cutStreams: mine.cutStreams + its.cutStreams }
    },
    async quiesce(request, signal) {
      const [mine, its] = await Promise.all([edge.quiesce(request, signal), elder.quiesce(request)])
      return { waitedMs: Math.max(mine.waitedMs, its.waitedMs), leftRequests: mine.leftRequests + its.leftRequests }
    },
    async counters(app, signal) {
      return sumOfCounters(await edge.counters(app, signal), await elder.counters(app))
    },
  }
}
