import { setTimeout as sleep } from 'node:timers/promises'
import { auditWrites, judge, renderJudgement, sharedUnits, startLoad, type Judgement, type SharedUnits, type SwitchRecord } from '../../e2e/src/e2e.ts'
import type { Client } from '../../packages/client/src/client.ts'
import { contract } from '../../packages/model/src/model.ts'
import type { Bar } from '../bar.ts'
import { appOf, clientOf, madeSwitch, releaseDetail } from './ask-plimsoll.ts'
import type { ReleaseScene } from './release-scene.ts'
import { storefrontTarget } from './storefront-target.ts'

const app = 'storefront'
const switches = 20
const requestsPerSecond = 300
/** A page brings its chunks and a tab its action: this many requests come of one arrival of the mix. */
const requestsPerArrival = 1.3

/** Between one switch and the next: a load near what two cores carry needs a moment to be even again. */
const pauseMs = 2_000

/** The storefront goes back and forth between two warm releases that differ in API and web app, while everything in the mix is in flight. */
export const switchesUnderLoad: Bar<ReleaseScene> = {
  what: `${switches} switches in a row under ${requestsPerSecond} requests/s of the mix`,
  bar: '0 lost, 0 blended, 0 duplicated',
  async measure(scene) {
    const target = await storefrontTarget(scene)
    const first = (await appOf(scene)).live?.number ?? 0
    const client = await clientOf(scene)
    const load = startLoad({ target, ratePerSecond: requestsPerSecond / requestsPerArrival, seed: 20, longestMs: 600_000 })
    const made: SwitchRecord[] = []
    try {
      await sleep(3000)
      if (load.overloaded()) throw new Error('the machine does not carry this load even without a switch')
      while (made.length < switches && !load.overloaded()) {
        made.push(await goBack(client, made.at(-1)?.after ?? first))
        await sleep(pauseMs)
      }
      await sleep(2000)
    } finally {
      await load.finish()
    }
    const { records } = await load.finish()
    const judgement = judge({ records: await auditWrites(records, target), first, switches: made, streamGraceMs: 10_000, shared: await sharedBy(scene, [first, ...made.map(({ after }) => after)]) })
    process.stderr.write(`${renderJudgement(judgement)}\n`)
    const requests = records.reduce((sum, { hops }) => sum + hops.length, 0)
    return { measured: summary(judgement, { requests, made: made.length }), held: judgement.held && made.length === switches }
  },
}

/** Asks the API and not the CLI: what a terminal costs is another bar, and here it would take processor time from what is measured. */
async function goBack(client: Client, before: number): Promise<SwitchRecord> {
  const { number } = await client.call(contract.rollBack, { params: { app }, body: {} })
  return madeSwitch(client, number, before)
}

/** What did not change between the releases runs on in units that they share. */
async function sharedBy(scene: ReleaseScene, releases: readonly number[]): Promise<SharedUnits> {
  const details = await Promise.all([...new Set(releases)].map((number) => releaseDetail(scene, number)))
  return sharedUnits(app, new Map(details.map(({ release, keeps }) => [release.number, keeps])))
}

function summary({ counts, gaps }: Judgement, { requests, made }: { readonly requests: number; readonly made: number }): string {
  const blended = counts.blended + counts.stale
  const lost = Object.values(counts).reduce((sum, count) => sum + count, 0) - blended - counts.duplicated
  const doubt = gaps.length === 0 ? '' : `; proves nothing: ${gaps[0]}`
  return `${lost} lost, ${blended} blended, ${counts.duplicated} duplicated of ${requests} in ${made} switches, ${pauseMs / 1000} s apart${doubt}`
}
