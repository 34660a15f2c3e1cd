import type { Bar } from '../bar.ts'
import { proportionalMegabytes } from '../release/memory-at-rest.ts'
import type { EdgeLifeScene } from './edge-life-scene.ts'

/** What is shared with other processes of Node counts by its share. */
export const heirMemory: Bar<EdgeLifeScene> = {
  what: 'memory of a heir that waits',
  bar: '≤ 70 MB',
  async measure(scene) {
    const { pid, heir = 0 } = await scene.whole()
    const [edge, waiting] = await Promise.all([proportionalMegabytes(pid), proportionalMegabytes(heir)])
    return { measured: `${waiting.toFixed(0)} MB (the edge that serves: ${edge.toFixed(0)} MB)`, held: waiting <= 70 }
  },
}
