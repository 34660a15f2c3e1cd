import type { Agent } from 'node:http'
import { agentFor } from './agent-for.ts'
import { patienceMs } from './arrival.ts'
import { exchange } from './exchange.ts'
import type { LoadRecord } from './load-record.ts'
import type { LoadTarget } from './load-target.ts'

const atATime = 8

/**
 * Asks the shop how often each write of the run arrived, and gives the records back with what it said:
 * more than once is `duplicated`; not at all although it was answered is `garbled`.
 */
export async function auditWrites(records: readonly LoadRecord[], target: LoadTarget): Promise<LoadRecord[]> {
  const agent = agentFor(target, { keepAlive: true, maxSockets: atATime })
  try {
    return await Promise.all(records.map((record) => (record.key === undefined ? record : auditOne(record, record.key, { target, agent }))))
  } finally {
    agent.destroy()
  }
}

async function auditOne(record: LoadRecord, key: string, { target, agent }: { target: LoadTarget; agent: Agent }): Promise<LoadRecord> {
  const url = new URL(`/v1/reviews/attempts/${encodeURIComponent(key)}`, target.api)
  // The agent lets a few through at a time, so the last one waits for all of them.
  const { body, failure } = await exchange({ what: 'GET /v1/reviews/attempts', url, agent, timeoutMs: 8 * patienceMs })
  if (failure !== undefined) return { ...record, failure: record.failure ?? failure }
  const { attempts } = JSON.parse(body) as { attempts: number }
  if (attempts > 1) return { ...record, failure: { is: 'duplicated', detail: `the write ${key} was sent once and arrived ${attempts} times` } }
  if (attempts === 1 || record.failure !== undefined) return record
  return { ...record, failure: { is: 'garbled', detail: `the write ${key} was answered with success and never arrived` } }
}
