import type { AppName } from '@plimsoll/model'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Services } from '../services.ts'

type Asked = Pick<Services, 'store' | 'edge' | 'version'>

/**
 * Tells how Plimsoll and its apps do, in the text format of Prometheus. Numbers are read when they are asked for, from the state and the edge: after a
 * restart of the API they are what they were. An edge that does not answer leaves its own out.
 */
export function createMetrics({ store, edge, version }: Asked): { text(signal: AbortSignal): Promise<string>; close(): void } {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, labelNames: string[]): Gauge => new Gauge({ name: `plimsoll_${name}`, help, labelNames, registers: [registry] })
  gauge('info', 'Which Plimsoll this is', ['version']).set({ version }, 1)
  const releases = gauge('releases_total', 'Releases that have ended, by how', ['app', 'kind', 'outcome'])
  const live = gauge('live_release', 'The number of the release that is live', ['app'])
  const requests = gauge('requests_total', 'Requests from outside that were answered, or given up by whoever asked', ['app', 'release', 'service'])
  const errors = gauge('responses_5xx_total', 'Answers with a status of 500 or more', ['app', 'release', 'service'])
  const failures = gauge('upstream_failures_total', 'Connections to instances that were refused, reset, or cut in the middle of an answer', ['app', 'release', 'service'])
  const inFlight = gauge('requests_in_flight', 'Requests, streams and sockets that are open', ['app', 'release', 'service'])
  const edgeUp = gauge('edge_up', 'Whether the edge answers', [])

  const countsOf = async (app: AppName, signal: AbortSignal): Promise<void> => {
    const counters = await edge.counters(app, signal)
    for (const [unit, counts] of Object.entries(counters)) {
      const [release = '', ...service] = unit.split('/')
      const labels = { app, release, service: service.join('/') }
      requests.set(labels, counts.requests)
      errors.set(labels, counts.responses5xx)
      failures.set(labels, counts.upstreamFailures)
      inFlight.set(labels, counts.inFlight)
    }
  }
  return {
    async text(signal) {
      for (const each of [releases, live, requests, errors, failures, inFlight]) each.reset()
      for (const { count, ...labels } of await store.releases.tally()) releases.set(labels, count)
      // Without the edge there is nothing to say of what it serves, but that it is away.
      const [apps, standings] = await Promise.all([store.apps.list(), edge.standings(signal).catch(() => undefined)])
      for (const [app, { traffic }] of standings ?? []) if (traffic !== undefined) live.set({ app }, traffic.live.release)
      const counted = await Promise.allSettled(standings === undefined ? [] : apps.map(({ name }) => countsOf(name, signal)))
      edgeUp.set(standings === undefined || counted.some(({ status }) => status === 'rejected') ? 0 : 1)
      return registry.metrics()
    },
    close: () => registry.clear(),
  }
}
