import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bar } from '../bar.ts'
import type { ScaleScene } from './scale-scene.ts'

/** What was done before has been given back by then, once and for all of it: the API looks for that every four seconds. */
const settledMs = 12_000
/** As long as the longest of what it does by itself again and again. */
const forMs = 60_000
/** What Linux counts processor time in. */
const ticksPerSecond = 100

/** Nobody asks anything: what it does by itself for 50 apps, each with three units that run. */
export const atRest: Bar<ScaleScene> = {
  what: 'processor time of the API while nobody asks, with 150 instances of 50 apps', bar: '≤ 5 % of a core',
  async measure({ apiPid }) {
    await sleep(settledMs)
    const before = await processorSeconds(apiPid)
    await sleep(forMs)
    const share = ((await processorSeconds(apiPid)) - before) / (forMs / 1_000)
    return { measured: `${(share * 100).toFixed(1)} %`, held: share <= 0.05 }
  },
}

async function processorSeconds(pid: number): Promise<number> {
  const [user, system] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ').slice(11, 13) ?? []
  return (Number(user) + Number(system)) / ticksPerSecond
}
