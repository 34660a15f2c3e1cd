import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { trafficSchema } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { EdgeState } from '../proxy/edge-state.ts'
import type { Ports } from './listeners.ts'
import { TableKeeper } from './table-keeper.ts'
import { truthIn, withShift } from './truth.ts'

/** Ports that take a while to open, and are open then. */
class SlowPorts implements Ports {
  /** As they were asked for while they were not open yet. */
  readonly opened: number[] = []
  /** Called when one is about to be opened. */
  onOpening: () => void = () => undefined
  readonly #open = new Set<number>()

  has = (port: number): boolean => this.#open.has(port)
  ports = (): number[] => [...this.#open]
  open = async (port: number): Promise<void> => void (await this.openAll([port]))
  async openAll(ports: Iterable<number>): Promise<number[]> {
    const wanted = [...ports].filter((port) => !this.#open.has(port))
    this.opened.push(...wanted)
    if (wanted.length > 0) this.onOpening()
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    for (const port of wanted) this.#open.add(port)
    return wanted
  }
  close = (port: number): void => void this.#open.delete(port)
  settled = async (): Promise<void> => undefined
  leave = async (): Promise<void> => undefined
  closeIdle = (): void => undefined
  destroy = (): void => this.#open.clear()
}

test('a port that is missing is opened once, whoever notices it while it is being opened', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-table-'))
  try {
    const listeners = new SlowPorts()
    const snapshot = { apps: [], fences: {} }
    const keeper = new TableKeeper({ state: new EdgeState({ absentMs: 0 }), listeners, snapshotPath: join(directory, 'table.json'), sharedPort: 4_080, announce: async () => undefined, awaitsWord: true }, snapshot)
    const live = { release: 1, targets: { web: { kind: 'instances', unit: 'shop-web-r1', addresses: [{ host: '127.0.0.1', port: 9 }] } }, deploymentIds: {} }
    const first = withShift(truthIn(snapshot), trafficSchema.parse({ app: 'shop', fence: 1, entries: { web: { port: 4_100, hosts: [] } }, live, previous: [] }))
    let noticed: Promise<unknown> | undefined
    // As an edge does every second.
    listeners.onOpening = () => void (noticed ??= keeper.openMissing())
    await keeper.adopt(first, [], () => undefined)
    await noticed
    expect(listeners.opened.toSorted()).toEqual([4_080, 4_100])
  } finally {
    await rm(directory, { recursive: true })
  }
})
