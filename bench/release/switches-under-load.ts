import { setTimeout as sleep } from 'node:timers/promises'
import { auditWrites, judge, renderJudgement, startLoad, type Judgement, type SwitchRecord } from '../../e2e/src/e2e.ts'
import { switchOf } from '../../e2e/src/plimsoll/switch-of.ts'
import { hasSettled, releaseEventSchema, type ReleaseEvent } from '../../packages/model/src/model.ts'
import type { Bar } from '../bar.ts'
import { appOf } from './ask-plimsoll.ts'
import type { ReleaseScene } from './release-scene.ts'
import { storefrontTarget } from './storefront-target.ts'

const switches = 20
const requestsPerSecond = 300
/** A page brings its chunks and a tab its action: this many requests come of one arrival of the mix. */
const requestsPerArrival = 1.3

/** The storefront goes back and forth between two warm releases, all services at once, while everything in the mix is in flight. */
export const switchesUnderLoad: Bar<ReleaseScene> = {
  what: `${switches} switches in a row under ${requestsPerSecond} requests/s of the mix`,
  bar: '0 lost, 0 blended, 0 duplicated',
  async measure(scene) {
    const target = await storefrontTarget(scene)
    const first = (await appOf(scene)).live?.number ?? 0
    const load = startLoad({ target, ratePerSecond: requestsPerSecond / requestsPerArrival, seed: 20, longestMs: 600_000 })
    const made: SwitchRecord[] = []
    try {
      await sleep(3000)
      while (made.length < switches && !load.overloaded()) {
        made.push(await goBack(scene, made.at(-1)?.after ?? first))
        await sleep(500)
      }
      await sleep(2000)
    } finally {
      await load.finish()
    }
    const { records } = await load.finish()
    const judgement = judge({ records: await auditWrites(records, target), first, switches: made, streamGraceMs: 10_000 })
    process.stderr.write(`${renderJudgement(judgement)}\n`)
    const requests = records.reduce((sum, { hops }) => sum + hops.length, 0)
    return { measured: summary(judgement, { requests, made: made.length }), held: judgement.held && made.length === switches }
  },
}

async function goBack(scene: ReleaseScene, before: number): Promise<SwitchRecord> {
  const { out } = await scene.plimsoll('rollback', scene.storefront, '--json')
  const events = out.split('\n').filter((line) => line.startsWith('{')).map((line): ReleaseEvent => releaseEventSchema.parse(JSON.parse(line)))
  const last = events.at(-1)
  const release = last?.event === 'end' && hasSettled(last.data.state) ? last.data : undefined
  const made = switchOf({ events, release }, before)
  if (made === undefined) throw new Error('a rollback made no switch')
  return made
}

function summary({ counts, gaps }: Judgement, { requests, made }: { readonly requests: number; readonly made: number }): string {
  const blended = counts.blended + counts.stale
  const lost = Object.values(counts).reduce((sum, count) => sum + count, 0) - blended - counts.duplicated
  const doubt = gaps.length === 0 ? '' : `; proves nothing: ${gaps[0]}`
  return `${lost} lost, ${blended} blended, ${counts.duplicated} duplicated of ${requests} in ${made} switches${doubt}`
}
