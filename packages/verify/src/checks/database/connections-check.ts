import type { DatabaseAddress } from '@plimsoll/model'
import { setTimeout as sleep } from 'node:timers/promises'
import { lookAtConnections, type Connections, type OpenTransaction } from '../../database/connections.ts'
import { exchange, type Reply } from '../../exchange.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyUnit, Rehearsal } from '../../rehearsal/rehearsal.ts'
import { bootStart } from '../boot/start-check.ts'
import { isBad, readProbesOf } from '../read-probes.ts'
import { scratchCopy } from '../scratch-copy.ts'
import { withDatabase } from '../with-database.ts'
import { askEachOnce, whoTakes } from './who-takes.ts'

/**
 * Asked last, of the copies that every other check has asked before: whoever forgets to give back what it has taken from its pool has run out of it
 * by now, and nothing but what the databases say of it tells that from any other service that hangs.
 */
export function connectionsCheck(): RehearsalCheck {
  return {
    id: 'database.connections',
    title: 'After all requests, every connection is given back and no transaction is left open',
    concern: 'database',
    after: [bootStart],
    alone: true,
    limitMs: 60_000,
    async ask(rehearsal, signal) {
      const shared = await rehearsal.shared(signal)
      const services = withDatabase(shared).map(({ spec }) => spec.service)
      if (services.length === 0) return [{ is: 'skipped', finding: 'No service that listens has a database' }]
      const scratch = await scratchCopy(rehearsal, signal)
      const copies = [shared, scratch]
      // A pool closes what is idle for some seconds, and with it what was left open in it.
      await askEachOnce(scratch, rehearsal.seed, signal)
      const left = (await Promise.all(copies.map(async (copy) => leftOpen(copy, signal)))).flat()
      const found: Finding[] = []
      for (const service of services) found.push(await askService({ rehearsal, copies, service }, signal))
      return [...left.slice(0, 1), ...found]
    },
  }
}

/** Some settle what they do after they have answered. */
const settleMs = 1_500

async function leftOpen(copy: AppCopy, signal: AbortSignal): Promise<readonly Finding[]> {
  const first = await lookAtConnections(addressesOf(copy), signal)
  if (first.openTransactions.length === 0) return []
  await sleep(settleMs, undefined, { signal })
  const { openTransactions } = await lookAtConnections(addressesOf(copy), signal)
  const left = openTransactions.filter(({ key }) => first.openTransactions.some((each) => each.key === key))
  return left.length === 0 ? [] : [openFinding(left)]
}

function openFinding(left: readonly OpenTransaction[]): Finding {
  const [one] = left
  return {
    is: 'fail',
    finding: `${left.length === 1 ? 'A transaction is' : `${left.length} transactions are`} left open when nobody asks for anything any more, the last statement of one being: ${(one?.statement ?? '').replaceAll(/\s+/g, ' ').trim().slice(0, 120)}`,
    hint: 'COMMIT, or ROLLBACK in a `finally` that every way out passes: what is left open keeps its locks, and keeps old rows from being cleaned away.',
    evidence: [{ title: 'What they did last', text: left.map(({ statement }) => statement).join('\n') }],
  }
}

interface Asked {
  readonly rehearsal: Rehearsal
  readonly copies: readonly AppCopy[]
  readonly service: CopyUnit['spec']['service']
}

async function askService({ rehearsal, copies, service }: Asked, signal: AbortSignal): Promise<Finding> {
  for (const copy of copies) {
    const unit = copy.units.find(({ spec }) => spec.service === service)
    if (unit === undefined || (await unit.instances(signal)).length === 0) continue
    const stuck = await stuckRead(unit, addressesOf(copy), signal)
    if (stuck === undefined) continue
    const finding = await confirmed({ rehearsal, service, stuck }, signal)
    if (finding !== undefined) return finding
  }
  return { service, is: 'pass', finding: `${service} gives its connections back: what reads still answers after all that it was asked` }
}

interface Stuck {
  readonly path: string
  readonly reply: Reply
  readonly seen: Connections
}

/** What answers well does so long before. */
const patienceMs = 1_000
const timeoutMs = 4_000

/** A read that is not answered, or is refused after it has waited, while the databases do nothing for anybody. */
async function stuckRead(unit: CopyUnit, databases: readonly DatabaseAddress[], signal: AbortSignal): Promise<Stuck | undefined> {
  const [address] = unit.addresses
  if (address === undefined) return undefined
  for (const { path } of await readProbesOf(unit, signal)) {
    const asking = exchange({ address, path, timeoutMs, headOnly: true }, signal)
    const early = await Promise.race([asking, sleep(patienceMs, undefined, { signal })])
    if (early !== undefined) continue
    const seen = await lookAtConnections(databases, signal)
    const reply = await asking
    if (seen.busy === 0 && seen.count > 0 && isBad({ status: statusOf(reply) })) return { path, reply, seen }
  }
  return undefined
}

function statusOf(reply: Reply): number | undefined {
  return reply.is === 'answer' ? reply.status : undefined
}

/** Only what a fresh copy answers promptly is stuck because of what it was asked before. */
async function confirmed({ rehearsal, service, stuck: { path, reply, seen } }: Omit<Asked, 'copies'> & { readonly stuck: Stuck }, signal: AbortSignal): Promise<Finding | undefined> {
  await using fresh = await rehearsal.raise({}, signal)
  const unit = fresh.unit(service)
  const [address] = unit.addresses
  if (address === undefined) return undefined
  const well = await exchange({ address, path, timeoutMs, headOnly: true }, signal)
  if (isBad({ status: statusOf(well) }) || well.ms > patienceMs) return undefined
  const takers = await whoTakes({ unit, databases: addressesOf(fresh), seed: rehearsal.seed }, signal)
  const [taker] = takers
  return {
    service, is: 'fail',
    finding: `${service} takes connections and does not give them back${taker === undefined ? '' : `, at ${taker.operation}`}: after all that it was asked, ${path} ${howItIs(reply)} while ${seen.count} connections do nothing; a fresh copy answers it in ${well.ms} ms`,
    hint: 'Give back in a `finally` what is taken (`client.release()`), or ask the pool itself (`pool.query`), which does that.',
    ...(taker !== undefined && { reproduce: taker.reproduce, evidence: [{ title: 'Connections that stay after a few requests, one after the other, to a fresh copy', text: takers.map(({ operation, requests, stay }) => `${operation}: ${stay} after ${requests}`).join('\n') }] }),
  }
}

function howItIs(reply: Reply): string {
  return reply.is === 'answer' ? `answers ${reply.status} after ${(reply.ms / 1000).toFixed(1)} s` : `gives no answer within ${timeoutMs / 1000} s`
}

function addressesOf({ databases }: AppCopy): readonly DatabaseAddress[] {
  return Object.values(databases).map(({ here }) => here)
}
