import { auditWrites } from '../load/audit-writes.ts'
import type { LoadRecord } from '../load/load-record.ts'
import type { LoadTarget } from '../load/load-target.ts'
import { startLoad } from '../load/start-load.ts'
import { shopTarget } from '../shop/shop-target.ts'

/** A load of which each part comes in by an edge of its own. */
export interface LoadByEdges {
  overloaded(): boolean
  /** What arrived by each port, in their order, with what became of the writes. Twice gives the same. */
  finish(): Promise<readonly (readonly LoadRecord[])[]>
}

/** Ids of one part are far from those of another. */
const idsOfOne = 1_000_000

/** Starts a load on the shop with a part of the rate for each of these ports. It ends by itself after `longestMs`. */
export function loadByEdges(ports: readonly number[], { ratePerSecond, seed, longestMs }: { readonly ratePerSecond: number; readonly seed: number; readonly longestMs: number }): LoadByEdges {
  const parts = ports.map((port, at) => {
    const target = targetAt(port)
    return { target, load: startLoad({ target, ratePerSecond: ratePerSecond / ports.length, seed: seed + at, longestMs }) }
  })
  const end = (): Promise<LoadRecord[][]> => Promise.all(parts.map(async ({ target, load }, at) => {
    const { records } = await load.finish()
    return auditWrites(records.map((record) => ({ ...record, id: record.id + at * idsOfOne })), target)
  }))
  let finished: Promise<LoadRecord[][]> | undefined
  return { overloaded: () => parts.some(({ load }) => load.overloaded()), finish: () => (finished ??= end()) }
}

/** Under the name that every app has for its services. */
function targetAt(port: number): LoadTarget {
  const url = new URL(`http://web.shop.localhost:${port}`)
  return { ...shopTarget(port), web: url, api: url }
}
