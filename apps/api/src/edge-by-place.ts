import type { Edge } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'

export interface EdgesByPlace {
  /** That of this machine. */
  readonly here: Edge
  /** Those of the place that an app lives in, where it has some of its own. */
  readonly of: (app: AppName) => Promise<Edge | undefined>
  /** Those that are in use, besides the one here. */
  readonly others: () => Promise<readonly Edge[]>
}

/** One handle on all edges: what is for an app goes to those of its place. */
export function edgeByPlace({ here, of, others }: EdgesByPlace): Edge {
  const edgeOf = async (app: AppName): Promise<Edge> => (await of(app)) ?? here
  return {
    live: async (app, signal) => (await edgeOf(app)).live(app, signal),
    async standings(signal) {
      const all = await Promise.all([here, ...(await others())].map((edge) => edge.standings(signal)))
      return new Map(all.flatMap((each) => [...each]))
    },
    shift: async (traffic, signal) => (await edgeOf(traffic.app)).shift(traffic, signal),
    drain: async (request, signal) => (await edgeOf(request.app)).drain(request, signal),
    holds: async (app, signal) => (await edgeOf(app)).holds(app, signal),
    pause: async (request, signal) => (await edgeOf(request.app)).pause(request, signal),
    maintain: async (request, signal) => (await edgeOf(request.app)).maintain(request, signal),
    quiesce: async (request, signal) => (await edgeOf(request.app)).quiesce(request, signal),
    remove: async (app, fence, signal) => (await edgeOf(app)).remove(app, fence, signal),
    publish: async (assets, signal) => (await edgeOf(assets.app)).publish(assets, signal),
    async tidy(room, signal) {
      await Promise.all([here, ...(await others())].map((edge) => edge.tidy(room, signal)))
    },
    counters: async (app, signal) => (await edgeOf(app)).counters(app, signal),
  }
}
