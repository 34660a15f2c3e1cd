import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { auditWrites, judge, startLoad, wallNow, type Judgement, type LoadRecord } from '../../e2e/src/e2e.ts'
import { endAllLeft } from '../../e2e/src/leaks/end-all-left.ts'
import { freePorts } from '../../e2e/src/plimsoll/free-ports.ts'
import { shopTarget } from '../../e2e/src/shop/shop-target.ts'
import { startShop } from '../../e2e/src/shop/start-shop.ts'
import { createEdge, edgeHealth, edgePaths, ensureEdge, stopEdge, type EdgeHealth } from '../../packages/edge/src/edge.ts'
import { trafficSchema } from '../../packages/model/src/model.ts'

/** An edge process with its heir, and with a HAProxy where one is given, in front of one shop. */
export interface EdgeLifeScene {
  readonly home: string
  readonly haproxy: string | undefined
  readonly entry: number
  /** The health of the edge as soon as it has a heir and is as wanted. */
  whole(wanted?: (health: EdgeHealth) => boolean): Promise<EdgeHealth>
  /** Puts the mix of every claim on, does `work`, and gives what became of every arrival. */
  underLoad(work: () => Promise<void>): Promise<{ readonly records: readonly LoadRecord[]; readonly judgement: Judgement }>
  /** Ends everything, and gives the commands of what did not end by itself. */
  leave(): Promise<string[]>
}

export const arrivalsPerSecond = 100
const settleMs = 1_500
const forever = new AbortController().signal

export async function createEdgeLifeScene(haproxy?: string): Promise<EdgeLifeScene> {
  const home = await mkdtemp(join(tmpdir(), 'pe-'))
  const entry = await freePorts(1)
  const shop = startShop({ unit: 'shop-web-r1', home })
  const port = await shop.listening
  await ensureEdge({ home, haproxy }, forever)
  await createEdge(edgePaths(home)).shift(trafficTo(port, entry), forever)
  return {
    home,
    haproxy,
    entry,
    async whole(wanted = () => true) {
      for (;;) {
        const health = await edgeHealth(edgePaths(home), forever)
        if (health?.heir !== undefined && wanted(health)) return health
        await delay(10)
      }
    },
    async underLoad(work) {
      const target = shopTarget(entry)
      const load = startLoad({ target, ratePerSecond: arrivalsPerSecond, seed: 8, longestMs: 600_000 })
      try {
        await delay(settleMs)
        await work()
        await delay(settleMs)
      } finally {
        await load.finish()
      }
      const records = await auditWrites((await load.finish()).records, target)
      return { records, judgement: judge({ records, first: 1, switches: [], streamGraceMs: 0 }) }
    },
    async leave() {
      await stopEdge({ home }, AbortSignal.timeout(30_000))
      await shop.end('SIGKILL')
      const left = await endAllLeft(home)
      await rm(home, { recursive: true, force: true })
      return left.map(({ command }) => command)
    },
  }
}

function trafficTo(port: number, entry: number) {
  const targets = { web: { kind: 'instances', unit: 'shop-web-r1', addresses: [{ host: '127.0.0.1', port }] } }
  return trafficSchema.parse({ app: 'shop', fence: 1, entries: { web: { port: entry, hosts: [] } }, live: { release: 1, targets, deploymentIds: {} }, previous: [] })
}

/** When a process was killed, and when it was gone, on the load's clock. */
export interface Kill {
  readonly at: number
  readonly goneAt: number
  /** When this process, where the clients are, has read the end of every connection to it: it has read something newer by then. */
  readonly noticedAt: number
}

export async function kill(pid: number): Promise<Omit<Kill, 'noticedAt'>> {
  const at = wallNow()
  process.kill(pid, 'SIGKILL')
  while (holdsSomething(pid)) await delay(1)
  return { at, goneAt: wallNow() }
}

/** One that its parent has not asked about yet is there, and holds nothing any more as soon as its last thread has ended. */
function holdsSomething(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) || readdirSync(`/proc/${pid}/task`).length > 1
  } catch {
    return false // No such process.
  }
}

/** The arrivals that failed, without those that were under way at one of `kills`, or sent on a connection to the killed one. */
export function lostBeyond(kills: readonly Kill[], records: readonly LoadRecord[]): number {
  const explains = ({ at, goneAt, noticedAt }: Kill, { kind, startedAt, endedAt }: LoadRecord): boolean => at <= endedAt && startedAt <= (kind === 'fresh' ? goneAt : noticedAt)
  const beyond = records.filter((record) => record.failure !== undefined && !kills.some((each) => explains(each, record)))
  for (const { kind, failure, startedAt } of beyond) process.stderr.write(`  ${kind} at ${new Date(startedAt).toISOString()}: ${failure?.detail}\n`)
  return beyond.length
}
