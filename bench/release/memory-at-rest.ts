import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { leftBehind } from '../../e2e/src/leaks/left-behind.ts'
import type { Bar } from '../bar.ts'
import type { ReleaseScene } from './release-scene.ts'

/** After load, what is not needed any more has been given back by then. */
const restMs = 15_000

/** Proportional memory, so that pages which the database's processes share count once. */
export const memoryAtRest: Bar<ReleaseScene> = {
  what: 'memory at rest: API with embedded PostgreSQL and edge',
  bar: '≤ 350 MB',
  async measure(scene) {
    await sleep(restMs)
    const parts = { API: /apps\/api\/src\/main/, 'edge with its heir': /packages\/edge\/src\/main/, PostgreSQL: /postgres/ }
    const processes = await leftBehind(scene.home)
    const megabytes = await Promise.all(
      Object.entries(parts).map(async ([name, pattern]) => {
        const own = processes.filter(({ command }) => pattern.test(command))
        if (own.length === 0) throw new Error(`no process of ${name} was found`)
        const sizes = await Promise.all(own.map(({ pid }) => proportionalMegabytes(pid)))
        return { name, size: sizes.reduce((sum, size) => sum + size, 0) }
      }),
    )
    const total = megabytes.reduce((sum, { size }) => sum + size, 0)
    return { measured: `${total.toFixed(0)} MB (${megabytes.map(({ name, size }) => `${name} ${size.toFixed(0)}`).join(', ')})`, held: total <= 350 }
  },
}

/** Proportional set size: what is shared counts by its share. */
export async function proportionalMegabytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? Number.NaN) / 1000
}
