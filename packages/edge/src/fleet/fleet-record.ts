import { loadSnapshot, saveSnapshot } from '../table/snapshot.ts'
import { snapshotOf, type Truth, truthIn } from '../table/truth.ts'

/** What the edges were told last, in Plimsoll's home: it outlives all of them at once. */
export interface FleetRecord {
  load(): Promise<Truth>
  /** Durable when it returns; of several calls at once the last one stands. */
  save(truth: Truth): Promise<void>
}

/** Throws `EDGE_DOWN` when the file is damaged; it is put aside then, and the edges are asked instead at the next start. */
export function fleetRecord(path: string): FleetRecord {
  let turn: Promise<unknown> = Promise.resolve()
  return {
    load: async () => truthIn(await loadSnapshot(path, new Date())),
    async save(truth) {
      const mine = turn.then(async () => saveSnapshot(path, snapshotOf(truth)))
      turn = mine.catch(() => undefined)
      await mine
    },
  }
}
