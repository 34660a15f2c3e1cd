import { setTimeout as delay } from 'node:timers/promises'
import { edgePaths } from '../../packages/edge/src/edge.ts'
import { findHaproxy } from '../../packages/edge/src/haproxy/haproxy-processes.ts'
import type { EdgeLifeScene } from './edge-life-scene.ts'
import { killedUnderLoad } from './killed-edge.ts'

export const killedHaproxy = killedUnderLoad({ name: 'HAProxy', pid: haproxyOf })

/** A request that names a build is one that HAProxy asks the edge about. */
export const killedEdgeBehindHaproxy = killedUnderLoad({
  name: 'the edge behind HAProxy',
  async pid(scene) {
    const { pid } = await scene.whole()
    await haproxyOf(scene)
    return pid
  },
  headers: { 'x-deployment-id': 'some' },
})

async function haproxyOf({ home }: EdgeLifeScene): Promise<number> {
  for (;;) {
    const found = await findHaproxy(edgePaths(home).directory)
    if (found !== undefined) return found.pid
    await delay(10)
  }
}
