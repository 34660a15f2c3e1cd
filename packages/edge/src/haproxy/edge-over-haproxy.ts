import type { Counters, Edge } from '@plimsoll/engine'
import type { HaproxyKeeper } from './haproxy-keeper.ts'
import type { Lane } from './plan-lanes.ts'

/** `edge`, counting what HAProxy answers without it as its own. */
export function edgeOverHaproxy(edge: Edge, keeper: HaproxyKeeper): Edge {
  return {
    ...edge,
    async shift(traffic, signal) {
      const report = await edge.shift(traffic, signal)
      // The same value again changes nothing here, and HAProxy may not have been told of it the first time.
      await keeper.refresh()
      return report
    },
    async drain(request, signal) {
      const startedAt = performance.now()
      const isOf = ({ app, release }: Lane): boolean => app === request.app && release === request.release
      const [mine, isQuiet] = await Promise.all([edge.drain(request, signal), keeper.quiet(isOf, request.requestGraceMs, signal)])
      const cut = isQuiet ? 0 : await keeper.cut(isOf)
      await keeper.refresh()
      return { waitedMs: Math.round(performance.now() - startedAt), cutRequests: mine.cutRequests + cut, cutStreams: mine.cutStreams }
    },
    async quiesce(request, signal) {
      const startedAt = performance.now()
      const isOf = ({ app }: Lane): boolean => app === request.app
      const [mine, isQuiet] = await Promise.all([edge.quiesce(request, signal), keeper.quiet(isOf, request.graceMs, signal)])
      const left = isQuiet ? 0 : [...(await keeper.underWay(isOf)).values()].reduce((total, count) => total + count, 0)
      return { waitedMs: Math.round(performance.now() - startedAt), leftRequests: mine.leftRequests + left }
    },
    async publish(assets, signal) {
      await edge.publish(assets, signal)
      await keeper.refresh()
    },
    async counters(app, signal) {
      await keeper.heardAll()
      const underWay = await keeper.underWay((lane) => lane.app === app)
      return withUnderWay(await edge.counters(app, signal), underWay)
    },
  }
}

function withUnderWay(counters: Counters, underWay: ReadonlyMap<Lane, number>): Counters {
  const more = (unit: string): number => [...underWay].reduce((total, [{ release, service }, count]) => (`${release}/${service}` === unit ? total + count : total), 0)
  return Object.fromEntries(Object.entries(counters).map(([unit, counts]) => [unit, { ...counts, inFlight: counts.inFlight + more(unit) }]))
}
