import type { Instance } from '@plimsoll/model'
import type { Finding } from '../../rehearsal/rehearsal-check.ts'
import type { CopyUnit } from '../../rehearsal/rehearsal.ts'
import { howItEnded } from '../how-it-ended.ts'
import type { HeldEnd } from './held-requests.ts'

/** What was seen when a unit was told to end. */
export interface Ending {
  /** Requests that it had accepted and not answered. */
  readonly held: number
  readonly replies: readonly HeldEnd[]
  /** How many of them were without an answer when its first process had ended. */
  readonly openAtEnd: number
  readonly graceMs: number
  /** Where the place has seen it. */
  readonly exit: Instance['exit'] | undefined
  readonly inTime: boolean
  readonly tookMs: number
  /** Something accepts connections after its first process has ended. */
  readonly leftBehind: boolean
  readonly log: readonly string[]
}

const wrapper = 'A shell or a package manager that is the first process does not pass the signal on. Start the server itself (startCommand: node dist/main.js), or with "exec" before the command in the script.'
const handler = 'Handle SIGTERM: take no new connections, answer what is under way, then exit. In Fastify: process.on("SIGTERM", () => app.close()).'

/** The first of what can go wrong, in the order in which one thing explains the next. */
export function judgeEnd({ spec: { service, kind } }: Pick<CopyUnit, 'spec'>, ending: Ending): Finding {
  const { held, replies, openAtEnd, graceMs, exit, inTime, leftBehind, log } = ending
  const lost = replies.filter(({ reply }) => reply.is === 'none')
  const broken = replies.filter(({ reply }) => reply.is === 'answer' && reply.status >= 500)
  const evidence = [{ title: 'Its last lines', text: log.join('\n') }]
  const fail = (finding: string, hint: string, of: readonly HeldEnd[] = []): Finding => ({
    service, is: 'fail', finding, hint, evidence, ...(of[0] !== undefined && { reproduce: `${of[0].reproduce} (while it is told to end)` }),
  })
  if (leftBehind || (openAtEnd > 0 && lost.length < openAtEnd)) {
    return fail(`The first process of ${service} ends at once at SIGTERM${how(exit)} and leaves the server behind, in the middle of ${openAtEnd} requests: in a container, or on Render, they are lost`, wrapper)
  }
  if (lost.length > 0) return fail(`${lost.length} of ${held} requests that ${service} had accepted were broken off when it was told to end: it ended${how(exit)} without answering them`, handler, lost)
  if (broken.length > 0) return fail(`${service} answered ${broken.length} of ${held} requests that it had accepted with ${statusOf(broken)} once it was told to end`, 'Close what requests need, as the pool of database connections, only after the last one has been answered.', broken)
  if (!inTime) return fail(`${service} had not ended ${graceMs / 1000} s after SIGTERM, and would be killed`, 'Something keeps it running: an open connection or stream, a timer, a pool. End them when the server has closed.')
  if (exit?.signal === 'SIGTERM') return { ...fail(`${service} has no handler for SIGTERM: it ends at once, whatever it is doing`, handler), ...(kind === 'worker' && { weight: 'advice' }) }
  if (exit !== undefined && exit.code !== 0 && exit.code !== 143) return fail(`${service} ended${howItEnded({ exit })} when it was told to end`, 'See in its last lines what failed while it closed.')
  const answered = held === 0 ? 'had nothing in flight' : `answered all ${held} requests that it had accepted`
  return { service, is: 'pass', finding: `${service} ${answered}, and ended ${(ending.tookMs / 1000).toFixed(1)} s after SIGTERM` }
}

function how(exit: Ending['exit']): string {
  return exit === undefined ? '' : howItEnded({ exit })
}

function statusOf(broken: readonly HeldEnd[]): string {
  return [...new Set(broken.map(({ reply }) => (reply.is === 'answer' ? String(reply.status) : '')))].join(', ')
}
