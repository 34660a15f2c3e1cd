import { createEdgeStage } from '../../e2e/test/edge-stage.ts'
import type { Peer } from './peer.ts'

/** Plimsoll's own edge, driven as the engine drives it: start beside, publish the chunks, wait, move, keep two releases warm, drain, end. */
export const plimsollEdge: Peer = {
  name: 'Plimsoll edge',
  documentation: 'docs/edge.md',
  whyNot: async () => undefined,
  async setUp(world) {
    const stage = await createEdgeStage(world)
    await stage.raise(1)
    await stage.moveTo(1)
    return {
      webPort: stage.webPort,
      apiPort: stage.apiPort,
      async release(release, { asked, acknowledged }) {
        await stage.raise(release)
        asked()
        await stage.moveTo(release)
        acknowledged()
      },
      settled: stage.retired,
      close: stage.close,
    }
  },
}
