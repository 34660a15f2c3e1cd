import type { Edge } from '@plimsoll/engine'
import { holdsSchema, type AppName } from '@plimsoll/model'
import { askEdge, askEdgeForText } from './ask-edge.ts'
import { countersAnswerSchema, drainReportSchema, quiesceReportSchema, standingsAnswerSchema, trafficAnswerSchema } from './control-protocol.ts'
import { inOneQuestion } from './in-one-question.ts'
import { sameAnswer } from './same-answer.ts'

/** How long counting may take, in milliseconds: an edge over HAProxy asks that as well. */
const countingMs = 10_000

/**
 * The handle by which the engine moves traffic: speaks to the edge process behind `controlSocket`.
 * Holds nothing open between calls, so it outlives restarts of the edge. Each call throws `EDGE_DOWN` when no edge answers.
 */
export function createEdge({ controlSocket }: { controlSocket: string }): Edge {
  const pathOf = (app: string, what: string): string => `/apps/${encodeURIComponent(app)}/${what}`
  const countersOf = inOneQuestion(async (apps: readonly AppName[]) => {
    const { counters } = countersAnswerSchema.parse(await askEdge({ controlSocket, method: 'POST', path: '/counters', body: { apps } }, AbortSignal.timeout(countingMs)))
    return new Map(counters.map(({ app, ...counted }) => [app, counted.counters]))
  })
  const readStandings = sameAnswer((text) => new Map(standingsAnswerSchema.parse(JSON.parse(text)).standings.map(({ app, ...standing }) => [app, standing])))
  return {
    async live(app, signal) {
      const answer = await askEdge({ controlSocket, method: 'GET', path: pathOf(app, 'traffic') }, signal)
      return trafficAnswerSchema.parse(answer).traffic
    },
    async standings(signal) {
      return readStandings(await askEdgeForText({ controlSocket, method: 'GET', path: '/apps' }, signal))
    },
    async shift(traffic, signal) {
      await askEdge({ controlSocket, method: 'PUT', path: pathOf(traffic.app, 'traffic'), body: traffic }, signal)
      return { away: [] }
    },
    async drain({ app, ...body }, signal) {
      return drainReportSchema.parse(await askEdge({ controlSocket, method: 'POST', path: pathOf(app, 'drain'), body }, signal))
    },
    async holds(app, signal) {
      return holdsSchema.parse(await askEdge({ controlSocket, method: 'GET', path: pathOf(app, 'holds') }, signal))
    },
    async pause({ app, ...body }, signal) {
      await askEdge({ controlSocket, method: 'PUT', path: pathOf(app, 'pause'), body }, signal)
    },
    async maintain({ app, ...body }, signal) {
      await askEdge({ controlSocket, method: 'PUT', path: pathOf(app, 'maintenance'), body }, signal)
    },
    async quiesce({ app, ...body }, signal) {
      return quiesceReportSchema.parse(await askEdge({ controlSocket, method: 'POST', path: pathOf(app, 'quiesce'), body }, signal))
    },
    async remove(app, fence, signal) {
      await askEdge({ controlSocket, method: 'DELETE', path: `${pathOf(app, 'traffic')}?fence=${fence}` }, signal)
    },
    async publish({ app, ...body }, signal) {
      await askEdge({ controlSocket, method: 'POST', path: pathOf(app, 'assets'), body }, signal)
    },
    async tidy(room, signal) {
      await askEdge({ controlSocket, method: 'POST', path: '/tidy', body: room }, signal)
    },
    async counters(app, signal) {
      return (await countersOf(app, signal)) ?? {}
    },
  }
}
