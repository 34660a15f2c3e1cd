import { type AppName, type Outcome, PlimsollError, type Release, type ReleaseNumber, releaseSchema, type Watch } from '@plimsoll/model'
import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely'
import { toJson } from './json.ts'
import type { ReleaseRow, Tables } from './tables.ts'

/** A release before it has its number. */
export type NewRelease = Omit<Release, 'number'>

/** What names the request by which it was begun, if that has a key. */
export interface Asking {
  readonly askedAs?: string | undefined
}

/** What can change about a release after it began. */
export type ReleaseChange = Partial<Pick<Release, 'state' | 'steps' | 'endedAt' | 'outcome' | 'watch'>>

export interface ReleaseTally {
  readonly app: AppName
  readonly kind: string
  /** As an {@link Outcome} says. */
  readonly outcome: string
  readonly count: number
}

export interface Releases {
  /** Gives the release the app's next number, which was never used before, and writes it down. Throws `NOT_FOUND` for an unknown app. */
  create(release: NewRelease, asking?: Asking): Promise<Release>
  /** The one that was begun by a request; there is never a second one. */
  askedAs(request: string): Promise<Release | undefined>
  /** Changes what is named and returns the whole. The same change twice is once. Throws `FENCED_OFF` when the lease behind `fence` was passed, `NOT_FOUND`. */
  update(key: { readonly app: AppName; readonly number: ReleaseNumber; readonly fence: number }, change: ReleaseChange): Promise<Release>
  /**
   * Writes down how the watch of a release goes on, and what that makes of its outcome. Needs no lease, for one watch is kept by
   * one process; but a watch that is over stays so. False when it was over, or is unknown.
   */
  noteWatch(key: { readonly app: AppName; readonly number: ReleaseNumber }, change: { readonly watch: Watch; readonly outcome?: Outcome }): Promise<boolean>
  find(app: AppName, number: ReleaseNumber): Promise<Release | undefined>
  /** How many releases of each app ended how. */
  tally(): Promise<readonly ReleaseTally[]>
  /** Newest first, at most `limit` (1–200); `next` is the `before` of the following page. */
  list(app: AppName, page: { readonly limit: number; readonly before?: ReleaseNumber | undefined }): Promise<{ readonly releases: readonly Release[]; readonly next: ReleaseNumber | undefined }>
}

export function releasesIn(db: Kysely<Tables>): Releases {
  return {
    create: (release, asking = {}) => create(db, release, asking),
    async askedAs(request) {
      const row = await db.selectFrom('plimsoll.releases').selectAll().where('asked_as', '=', request).executeTakeFirst()
      return row && releaseIn(row)
    },
    update: (key, change) => update(db, key, change),
    async noteWatch({ app, number }, { watch, outcome }) {
      const changed = await db
        .updateTable('plimsoll.releases')
        .set({ watch: toJson(watch), ...(outcome !== undefined && { outcome: toJson(outcome) }) })
        .where('app', '=', app)
        .where('number', '=', number)
        .where(sql<boolean>`watch->>'state' in ('watching', 'going-back')`)
        .executeTakeFirst()
      return changed.numUpdatedRows === 1n
    },
    async find(app, number) {
      const row = await db.selectFrom('plimsoll.releases').selectAll().where('app', '=', app).where('number', '=', number).executeTakeFirst()
      return row && releaseIn(row)
    },
    list: (app, page) => list(db, app, page),
    async tally() {
      const rows = await db.selectFrom('plimsoll.releases').select(['app', 'kind', 'ending', sql<string>`count(*)`.as('count')]).where('ending', 'is not', null).groupBy(['app', 'kind', 'ending']).execute()
      return rows.map(({ app, kind, ending, count }) => ({ app: app as AppName, kind, outcome: ending ?? '', count: Number(count) }))
    },
  }
}

async function create(db: Kysely<Tables>, release: NewRelease, { askedAs }: Asking): Promise<Release> {
  return db.transaction().execute(async (tx) => {
    const app = await tx.selectFrom('plimsoll.apps').select('name').where('name', '=', release.app).forShare().executeTakeFirst()
    if (app === undefined) throw new PlimsollError('NOT_FOUND', `There is no app ${release.app}`, { hint: 'See which there are: plimsoll status' })
    const { last_release } = await tx
      .insertInto('plimsoll.counters')
      .values({ app: release.app, holder: null, held_since: null, last_release: 1 })
      .onConflict((it) => it.column('app').doUpdateSet({ last_release: sql`counters.last_release + 1` }))
      .returning('last_release')
      .executeTakeFirstOrThrow()
    const whole = releaseSchema.parse({ ...release, number: last_release })
    await tx.insertInto('plimsoll.releases').values({ ...toRow(whole), ...(askedAs !== undefined && { asked_as: askedAs }) }).execute()
    return whole
  })
}

async function update(db: Kysely<Tables>, { app, number, fence }: { app: AppName; number: ReleaseNumber; fence: number }, change: ReleaseChange): Promise<Release> {
  return db.transaction().execute(async (tx) => {
    const held = await tx.selectFrom('plimsoll.counters').select('fence').where('app', '=', app).forShare().executeTakeFirst()
    if (held?.fence !== fence) throw passed(app, number, { fence, currentFence: held?.fence ?? 0 })
    const row = await tx.selectFrom('plimsoll.releases').selectAll().where('app', '=', app).where('number', '=', number).forUpdate().executeTakeFirst()
    if (row === undefined) throw new PlimsollError('NOT_FOUND', `${app} has no release ${number}`, { hint: `See which there are: plimsoll status --app ${app}` })
    const whole = releaseSchema.parse({ ...releaseIn(row), ...change })
    await tx.updateTable('plimsoll.releases').set(toRow(whole)).where('app', '=', app).where('number', '=', number).execute()
    return whole
  })
}

async function list(db: Kysely<Tables>, app: AppName, { limit, before }: { limit: number; before?: ReleaseNumber | undefined }): ReturnType<Releases['list']> {
  const size = Math.min(Math.max(1, Math.trunc(limit)), 200)
  const rows = await db
    .selectFrom('plimsoll.releases')
    .selectAll()
    .where('app', '=', app)
    .$if(before !== undefined, (query) => query.where('number', '<', before ?? 0))
    .orderBy('number', 'desc')
    .limit(size + 1)
    .execute()
  const releases = rows.slice(0, size).map(releaseIn)
  return { releases, next: rows.length > size ? releases.at(-1)?.number : undefined }
}

/** Made once: zod compiles a schema when it is first used. */
const briefSchema = releaseSchema.omit({ steps: true })

/** Half of what a row holds are the names and titles of steps, which are the same in all of them. */
export type BriefRelease = Omit<Release, 'steps'>

/** Newest first. */
export async function briefReleases(db: Kysely<Tables>, { app, from, ended = false, limit }: { readonly app: AppName; readonly from?: number; readonly ended?: boolean; readonly limit: number }): Promise<readonly BriefRelease[]> {
  const rows = await db
    .selectFrom('plimsoll.releases')
    .select(columnsButSteps)
    .where('app', '=', app)
    .$if(from !== undefined, (query) => query.where('number', '>=', from ?? 0))
    .$if(ended, (query) => query.where('outcome', 'is not', null))
    .orderBy('number', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => briefSchema.parse(fieldsOf(row)))
}

function passed(app: AppName, number: ReleaseNumber, details: { readonly fence: number; readonly currentFence: number }): PlimsollError {
  return new PlimsollError('FENCED_OFF', `Another runner has taken over ${app}; release ${number} was not changed`, { hint: `See who: plimsoll status --app ${app}`, details })
}

function toRow(release: Release): Insertable<ReleaseRow> & Updateable<ReleaseRow> {
  const { app, number, kind, state } = release
  return {
    app,
    number,
    kind,
    state,
    back_to: release.backTo ?? null,
    source: toJson(release.source),
    steps: toJson(release.steps),
    started_at: release.startedAt,
    ended_at: release.endedAt ?? null,
    outcome: release.outcome === undefined ? null : toJson(release.outcome),
    watch: release.watch === undefined ? null : toJson(release.watch),
    canary: release.canary === undefined ? null : toJson(release.canary),
    paused: release.paused ?? null,
    unproven: release.unproven ?? null,
    traceparent: release.traceparent ?? null,
  }
}

/** A row as the release that it is. */
export function releaseIn(row: Selectable<ReleaseRow>): Release {
  return releaseSchema.parse({ ...fieldsOf(row), steps: row.steps })
}

function fieldsOf(row: Pick<Selectable<ReleaseRow>, (typeof columnsButSteps)[number]>) {
  return {
    ...row,
    backTo: row.back_to ?? undefined,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString(),
    outcome: row.outcome ?? undefined,
    watch: row.watch ?? undefined,
    canary: row.canary ?? undefined,
    paused: row.paused ?? undefined,
    unproven: row.unproven ?? undefined,
    traceparent: row.traceparent ?? undefined,
  }
}

const columnsButSteps = ['app', 'number', 'kind', 'state', 'back_to', 'source', 'started_at', 'ended_at', 'outcome', 'watch', 'canary', 'paused', 'unproven', 'traceparent'] as const
