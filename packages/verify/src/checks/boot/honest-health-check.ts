import { exchange, type Reply } from '../../exchange.ts'
import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { waitUntil } from '../../wait-until.ts'
import { endOf, howItEnded } from '../how-it-ended.ts'
import { fewReadsOf, isWell, statusPathsOf } from '../reads-of.ts'
import { withDatabase } from '../with-database.ts'
import { bootStart } from './start-check.ts'

/** Takes the databases away and gives them back. A service is to live through that, to say so, and to come back by itself. */
export function honestHealthCheck(): RehearsalCheck {
  return {
    id: 'health.honest',
    title: 'A service lives through the loss of its database, and says that it is gone',
    concern: 'health',
    after: [bootStart],
    limitMs: 90_000,
    async ask(rehearsal, signal) {
      const start = withDatabase(await rehearsal.shared(signal)).map(({ spec }) => spec.service)
      if (start.length === 0) return [{ is: 'skipped', finding: 'No service that listens has a database' }]
      await using copy = await rehearsal.raise({ start }, signal)
      const databases = Object.values(copy.databases)
      const units = await Promise.all(start.map(async (service) => {
        const unit = copy.unit(service)
        return { unit, reads: await fewReadsOf(unit, mostReads, signal) }
      }))
      await Promise.all(databases.map(async (each) => each.sever()))
      const away = await Promise.all(units.map(async (each) => seenAway(each, signal)))
      await Promise.all(databases.map(async (each) => each.restore()))
      return await Promise.all(units.map(async (each, at) => judge(each, { away: away[at] ?? [], comesBack: await comesBack(each, signal) }, signal)))
    },
  }
}

interface Asked {
  readonly unit: CopyUnit
  readonly reads: readonly string[]
}

interface Seen {
  readonly path: string
  readonly reply: Reply
}

const mostReads = 5
const statusTimeoutMs = 5_000
const recoverMs = 20_000
/** A pool notices a broken connection at once, and a retry comes a moment later: what dies of it dies within this. */
const awayMs = 1_000

async function seenAway({ unit, reads }: Asked, signal: AbortSignal): Promise<readonly Seen[]> {
  const seen = await askAll({ unit, reads: [...new Set([...statusPathsOf(unit).filter((path) => reads.includes(path)), ...reads.slice(0, 5)])] }, signal)
  await waitUntil(() => endOf(unit, signal), awayMs, signal)
  return seen
}

async function askAll({ unit, reads }: Asked, signal: AbortSignal): Promise<readonly Seen[]> {
  const [address] = unit.addresses
  if (address === undefined) return []
  return Promise.all(reads.map(async (path) => ({ path, reply: await exchange({ address, path, timeoutMs: statusTimeoutMs }, signal) })))
}

/** False also for one that has ended: nobody needs to wait for it. */
async function comesBack({ unit, reads }: Asked, signal: AbortSignal): Promise<boolean> {
  const settled = async (): Promise<boolean | undefined> => {
    if ((await endOf(unit, signal)) !== undefined) return false
    return (await askAll({ unit, reads: reads.slice(0, 5) }, signal)).every(({ reply }) => isWell(reply)) ? true : undefined
  }
  return (await waitUntil(settled, recoverMs, signal)) === true
}

async function judge({ unit, reads }: Asked, { away, comesBack: isBack }: { readonly away: readonly Seen[]; readonly comesBack: boolean }, signal: AbortSignal): Promise<Finding> {
  const { service } = unit.spec
  const ended = await endOf(unit, signal)
  const evidence = [{ title: 'Its last lines', text: (await unit.log(20, signal)).join('\n') }]
  if (ended !== undefined) {
    return { service, is: 'fail', evidence, finding: `${service} ends${howItEnded(ended)} when its database goes away: a restart of the database takes every instance of it down`, hint: 'Listen to "error" of the pool and of every client: an error that nobody listens to ends the process.' }
  }
  if (!isBack) {
    return { service, is: 'fail', evidence, finding: `${service} does not recover: ${recoverMs / 1000} s after its database had come back ${reads.slice(0, 5).join(', ')} did not all answer well`, hint: 'Take connections from a pool, which makes new ones, and keep none in a variable.' }
  }
  const slow = away.find(({ reply }) => reply.is === 'none')
  if (slow !== undefined) {
    return { service, is: 'fail', weight: 'advice', finding: `${service} gives no answer at ${slow.path} within ${statusTimeoutMs / 1000} s while its database is gone`, hint: 'Give the pool a connectionTimeoutMillis of a few seconds, so that a request fails while its visitor still waits.' }
  }
  const telling = statusPathsOf(unit).find((path) => away.some((each) => each.path === path && !isWell(each.reply)))
  if (telling !== undefined) return { service, is: 'pass', finding: `${service} says at ${telling} that its database is gone, lives on, and recovers when it is back` }
  const failing = away.find(({ reply }) => !isWell(reply))
  return unsaid(unit, failing?.path)
}

function unsaid({ spec: { service, healthCheckPath = 'its open port' } }: CopyUnit, failing: string | undefined): Finding {
  const seen = failing === undefined ? '' : `, while ${failing} fails`
  return {
    service, is: 'fail', weight: 'advice',
    finding: `${service} says at ${healthCheckPath} that all is well when its database is gone${seen}, and nowhere else that it is not: a release that cannot reach its database would go live`,
    hint: 'Offer /readyz, which asks the database (SELECT 1) and answers 503 when it is gone. Leave healthCheckPath to what only the process itself can tell.',
  }
}
