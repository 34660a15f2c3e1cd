import { type AppName, appNameSchema, type ReleaseNumber, releaseNumberSchema, type ServiceName, serviceNameSchema } from '@plimsoll/model'
import type { Kysely, Selectable } from 'kysely'
import { z } from 'zod'
import type { CronRunRow, Tables } from './tables.ts'

/** One run of a cron service is named by the minute it was due. */
export interface CronTick {
  readonly app: AppName
  readonly service: ServiceName
  /** ISO, when it was due. */
  readonly tick: string
}

const cronRunSchema = z.object({
  app: appNameSchema,
  service: serviceNameSchema,
  tick: z.iso.datetime(),
  /** Whose start command it is; absent for runs of before this was kept. */
  release: releaseNumberSchema.optional(),
  /** `abandoned`: the machine went down in the middle of it, and how it ended is not known. */
  state: z.enum(['running', 'finished', 'abandoned']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().optional(),
  /** Absent also when a signal ended it. */
  exitCode: z.number().int().optional(),
})
export type CronRun = z.infer<typeof cronRunSchema>

export interface CronEnd {
  readonly endedAt: string
  readonly exitCode: number | null
  /** Nobody knows how it ended. */
  readonly lost?: boolean
}

/** Who may run a cron service now: never one tick twice, never two runs of a service at once. */
export interface CronRuns {
  /** Exactly one of all callers for a tick gets `claimed`, and only while no other run of the service goes on. */
  claim(tick: CronTick, begin: { readonly startedAt: string; readonly release: ReleaseNumber }): Promise<'claimed' | 'already-ran' | 'still-running'>
  /** Twice is once: what has ended is not changed. */
  finish(tick: CronTick, end: CronEnd): Promise<void>
  /** What has begun and not ended, as far as anybody wrote down. */
  running(app: AppName): Promise<readonly CronRun[]>
  /** Newest tick first. */
  list(app: AppName, limit: number): Promise<readonly CronRun[]>
}

export function cronRunsIn(db: Kysely<Tables>): CronRuns {
  return {
    claim: (tick, begin) => claim(db, tick, begin),
    async finish({ app, service, tick }, { endedAt, exitCode, lost = false }) {
      await db
        .updateTable('plimsoll.cron_runs')
        .set({ state: lost ? 'abandoned' : 'finished', ended_at: endedAt, exit_code: exitCode })
        .where('app', '=', app)
        .where('service', '=', service)
        .where('tick', '=', new Date(tick))
        .where('state', '=', 'running')
        .execute()
    },
    async running(app) {
      return (await db.selectFrom('plimsoll.cron_runs').selectAll().where('app', '=', app).where('state', '=', 'running').orderBy('tick').execute()).map(fromRow)
    },
    async list(app, limit) {
      return (await db.selectFrom('plimsoll.cron_runs').selectAll().where('app', '=', app).orderBy('tick', 'desc').orderBy('service').limit(limit).execute()).map(fromRow)
    },
  }
}

async function claim(db: Kysely<Tables>, { app, service, tick }: CronTick, { startedAt, release }: Parameters<CronRuns['claim']>[1]): ReturnType<CronRuns['claim']> {
  const inserted = await db
    .insertInto('plimsoll.cron_runs')
    .values({ app, service, tick, state: 'running', started_at: startedAt, ended_at: null, exit_code: null, release })
    // Either index may object: the one on the tick, or the one on what is running.
    .onConflict((it) => it.doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows === 1n) return 'claimed'
  const same = await db.selectFrom('plimsoll.cron_runs').select('state').where('app', '=', app).where('service', '=', service).where('tick', '=', new Date(tick)).executeTakeFirst()
  return same === undefined ? 'still-running' : 'already-ran'
}

function fromRow(row: Selectable<CronRunRow>): CronRun {
  return cronRunSchema.parse({
    ...row,
    tick: row.tick.toISOString(),
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString(),
    exitCode: row.exit_code ?? undefined,
    release: row.release ?? undefined,
  })
}
