import { renderJudgement } from '../../e2e/src/e2e.ts'
import { ensureEdge } from '../../packages/edge/src/edge.ts'
import type { Bar } from '../bar.ts'
import type { EdgeLifeScene } from './edge-life-scene.ts'

const replacements = 5

export const replacedEdge: Bar<EdgeLifeScene> = {
  what: `${replacements} replacements of the edge by another version under the same load`,
  bar: '0 lost, cut or duplicated',
  async measure(scene) {
    const signal = new AbortController().signal
    const times: number[] = []
    const { records, judgement } = await scene.underLoad(async () => {
      for (let done = 0; done < replacements; done += 1) {
        await scene.whole()
        const since = performance.now()
        await ensureEdge({ home: scene.home, haproxy: scene.haproxy, version: `bench-${done}` }, signal)
        times.push(performance.now() - since)
      }
    })
    const faults = Object.values(judgement.counts).reduce((sum, count) => sum + count, 0)
    if (faults > 0) process.stderr.write(`${renderJudgement(judgement)}\n`)
    return { measured: `${faults} lost, cut or duplicated of ${records.length} arrivals; a replacement takes ${Math.max(...times).toFixed(0)} ms at most`, held: faults === 0 }
  },
}
