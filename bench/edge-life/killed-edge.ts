import { once } from 'node:events'
import { get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { wallNow } from '../../e2e/src/e2e.ts'
import type { Bar } from '../bar.ts'
import { arrivalsPerSecond, kill, lostBeyond, type EdgeLifeScene, type Kill } from './edge-life-scene.ts'

const kills = 20
const longestGapMs = 300
const betweenProbesMs = 5
/** Between a whole edge and the next kill: what the last one broke is over by then. */
const calmMs = 500

export interface Victim {
  readonly name: string
  /** Its process, as soon as everything is whole. */
  readonly pid: (scene: EdgeLifeScene) => Promise<number>
  /** What makes a request one that it has to answer. */
  readonly headers?: OutgoingHttpHeaders
}

export const killedEdge = killedUnderLoad({ name: 'the edge', pid: async (scene) => (await scene.whole()).pid })

/** From the kill to the first whole answer on a connection that was opened after it: what a user sees. */
export function killedUnderLoad(victim: Victim): Bar<EdgeLifeScene> {
  const measure: Bar<EdgeLifeScene>['measure'] = async (scene) => {
    const done: Kill[] = []
    const gaps: number[] = []
    const { records } = await scene.underLoad(async () => {
      while (done.length < kills) {
        const pid = await victim.pid(scene)
        await delay(calmMs)
        const killed = kill(pid)
        const answeredAt = await firstAnswer(scene.entry, victim.headers)
        const { at, goneAt } = await killed
        done.push({ at, goneAt, noticedAt: Math.max(goneAt, answeredAt) })
        gaps.push(answeredAt - at)
      }
    })
    gaps.sort((a, b) => a - b)
    const [p50 = Number.NaN, max = Number.NaN] = [gaps[Math.floor(gaps.length / 2)], gaps.at(-1)]
    const lost = records.filter(({ failure }) => failure !== undefined).length
    const refused = records.filter(({ failure }) => failure?.is === 'refused').length
    const beyond = lostBeyond(done, records)
    return {
      measured: `p50 ${p50.toFixed(0)} ms, max ${max.toFixed(0)} ms; ${refused} refused; ${lost} of ${records.length} arrivals lost, ${beyond} of them with no killed process under them`,
      held: max <= longestGapMs && refused === 0 && beyond === 0,
    }
  }
  return { what: `${kills} kills of ${victim.name} under ${arrivalsPerSecond} arrivals/s of the mix: time without an answer`, bar: `≤ ${longestGapMs} ms, none refused`, measure }
}

/** When the first whole answer came; asks on a new connection every few milliseconds. */
async function firstAnswer(port: number, headers: OutgoingHttpHeaders = {}): Promise<number> {
  const answered = Promise.withResolvers<number>()
  let over = false
  const probe = async (): Promise<void> => {
    const request = get({ host: '127.0.0.1', port, path: '/healthz', agent: false, headers })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await once(response.resume(), 'end')
    over = true
    answered.resolve(wallNow())
  }
  while (!over) {
    // One that is reset tells nothing: the next one is on its way.
    void probe().catch(() => undefined)
    await delay(betweenProbesMs)
  }
  return await answered.promise
}
