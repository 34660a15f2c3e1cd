import { countersSchema, type Counters, type DrainReport, type DrainRequest, type QuiesceReport, type QuiesceRequest } from '@plimsoll/engine'
import { type AppName, appNameSchema } from '@plimsoll/model'
import { z } from 'zod'
import { drainBodySchema, drainReportSchema, quiesceBodySchema, quiesceReportSchema } from '../control/control-protocol.ts'
import { type Served, servedSchema } from '../table/served.ts'
import type { Talk, Verbs } from './talk.ts'

/**
 * The edge process before this one, after a planned replacement: it takes no connection any more, and stays until those that
 * it has are done. Until then it must follow the table, and what is in flight there counts.
 */
export interface Elder {
  /** Returns when it sends requests by this table; an elder that does not follow is ended. */
  follow(served: Served): Promise<void>
  drain(request: DrainRequest, signal: AbortSignal): Promise<DrainReport>
  quiesce(request: QuiesceRequest): Promise<QuiesceReport>
  /** Its counts, also after its end. */
  counters(app: AppName): Promise<Counters>
  /** What it counted in all, told at its end. */
  remember(last: LastCounters): void
  /** Lets it end what is in flight within the grace of a stop, and returns when it is gone. */
  end(): Promise<void>
  /** Resolves when its process has ended. */
  readonly gone: Promise<void>
}

export type LastCounters = Readonly<Record<string, Counters>>
export const lastCountersSchema = z.record(z.string(), countersSchema)

const followMs = 5_000
const endMs = 30_000
/** How long a drain may take beyond its graces. */
const drainSlackMs = 5_000
const nothingLeft: QuiesceReport = { waitedMs: 0, leftRequests: 0 }
const nothingCut: DrainReport = { waitedMs: 0, cutRequests: 0, cutStreams: 0 }

const quiesceOrderSchema = quiesceBodySchema.extend({ app: appNameSchema })
const drainOrderSchema = drainBodySchema.extend({ app: appNameSchema })
const numberedDrainSchema = z.object({ number: z.number(), request: drainOrderSchema })

/** The elder on the other side of `talk`; `pid` is its process. */
export function elderOver(talk: Talk, pid: number): Elder {
  let isGone = false
  let drains = 0
  let last: LastCounters = {}
  const gone = talk.over.then(() => void (isGone = true))
  const kill = (): void => {
    // While the channel is open the process is there, so the number is still its own.
    if (isGone) return
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has just ended, and the end of the channel is about to be read.
    }
  }
  const unlessGone = async (answer: Promise<unknown>, instead: unknown): Promise<unknown> =>
    answer.catch((error: unknown) => {
      if (isGone) return instead
      throw error
    })
  return {
    gone,
    async follow(served) {
      if (isGone) return
      await talk.ask({ verb: 'follow', body: served, limitMs: followMs }).catch(kill)
    },
    async drain(request, signal) {
      if (isGone) return nothingCut
      const number = (drains += 1)
      const leaveOff = (): void => void talk.ask({ verb: 'leave-off', body: number, limitMs: followMs }).catch(() => undefined)
      signal.addEventListener('abort', leaveOff)
      try {
        const limitMs = Math.max(request.requestGraceMs, request.streamGraceMs) + drainSlackMs
        return drainReportSchema.parse(await unlessGone(talk.ask({ verb: 'drain', body: { number, request }, limitMs }), nothingCut))
      } finally {
        signal.removeEventListener('abort', leaveOff)
      }
    },
    async quiesce(request) {
      if (isGone) return nothingLeft
      return quiesceReportSchema.parse(await unlessGone(talk.ask({ verb: 'quiesce', body: request, limitMs: request.graceMs + drainSlackMs }), nothingLeft))
    },
    async counters(app) {
      if (isGone) return last[app] ?? {}
      const answer = await unlessGone(talk.ask({ verb: 'counters', body: app, limitMs: followMs }), undefined)
      return answer === undefined ? (last[app] ?? {}) : countersSchema.parse(answer)
    },
    remember: (counters) => void (last = counters),
    async end() {
      if (isGone) return
      await talk.ask({ verb: 'end', limitMs: endMs }).catch(kill)
      await gone
    },
  }
}

/** What an elder does when its successor asks. */
export interface ElderDuties {
  follow(served: Served): Promise<void>
  drain(request: DrainRequest, signal: AbortSignal): Promise<DrainReport>
  quiesce(request: QuiesceRequest): Promise<QuiesceReport>
  counters(app: AppName): Promise<Counters>
  end(): void
}

export function elderVerbs(duties: ElderDuties): Verbs {
  const drains = new Map<number, AbortController>()
  return {
    follow: async (body) => duties.follow(servedSchema.parse(body)),
    async drain(body) {
      const { number, request } = numberedDrainSchema.parse(body)
      const stop = new AbortController()
      drains.set(number, stop)
      return await duties.drain(request, stop.signal).finally(() => drains.delete(number))
    },
    'leave-off': (body) => drains.get(z.number().parse(body))?.abort(),
    quiesce: async (body) => duties.quiesce(quiesceOrderSchema.parse(body)),
    counters: async (body) => duties.counters(appNameSchema.parse(body)),
    end: () => duties.end(),
  }
}
