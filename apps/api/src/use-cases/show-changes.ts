import { builtIn, finishedSteps, wentInPlace } from '@plimsoll/engine'
import { releaseNumberSchema, type AppName, type CommitRange, type JournalEntry, type Release, type ReleaseChanges, type ReleaseNote, type ReleaseNumber, type Source } from '@plimsoll/model'
import { z } from 'zod'
import { artifactChanges } from '../changes/artifact-changes.ts'
import { composeCommits, reversed } from '../changes/compose-commits.ts'
import { environmentChanges } from '../changes/environment-changes.ts'
import { schemaChangesOf } from '../changes/schema-changes-of.ts'
import type { Services } from '../services.ts'
import { findRelease } from './watch-release.ts'

interface Wanted {
  readonly app: AppName
  readonly release: ReleaseNumber
  /** What was live before it, unless given. */
  readonly against: ReleaseNumber | undefined
}

/** How a release differs from another, by what was written down when each was made. Of a rollback: what it lets serve again. Throws `NOT_FOUND`. */
export async function showChanges({ store }: Pick<Services, 'store'>, wanted: Wanted): Promise<ReleaseChanges> {
  const { app } = wanted
  const asked = await recall({ store }, app, wanted.release)
  const release = asked.release.backTo ?? wanted.release
  const against = wanted.against ?? asked.note?.before ?? liveBefore(asked.journal)
  if (against === null) return { app, release, against, ...withNothing(asked) }
  const [to, from] = await Promise.all([release === wanted.release ? asked : recall({ store }, app, release), recall({ store }, app, against)])
  const way = await wayBetween({ store, app }, { from: against, to: release })
  return {
    app, release, against,
    commits: commitsOf(way, { from: from.release.source, to: to.release.source }),
    environment: from.note === undefined || to.note === undefined ? notNoted(from.note === undefined ? against : release) : environmentChanges(from.note, to.note),
    artifacts: artifactsBetween({ number: against, ...from }, { number: release, ...to }),
    schema: way === undefined ? notKnown(noWay) : { is: 'known', steps: await Promise.all([...way.back, ...way.forth].map(async (each) => schemaOf({ store }, app, each.release))) },
  }
}

type Numbered = Recalled & { readonly number: ReleaseNumber }

function artifactsBetween(from: Numbered, to: Numbered): ReleaseChanges['artifacts'] {
  if (from.artifacts !== undefined && to.artifacts !== undefined) return { is: 'known', services: artifactChanges(from.artifacts, to.artifacts) }
  const missing = to.artifacts === undefined ? to : from
  return notKnown(wentInPlace(missing.journal) ? `Release ${missing.number} was built by the place that it went to, which does not tell what came of it` : `Release ${missing.number} was never built`)
}

/** What is known of one release, whatever became of it. */
interface Recalled {
  readonly release: Release
  readonly journal: readonly JournalEntry[]
  readonly note: ReleaseNote | undefined
  readonly artifacts: ReturnType<typeof builtIn>
}

async function recall({ store }: Pick<Services, 'store'>, app: AppName, number: ReleaseNumber): Promise<Recalled> {
  const [release, journal, note] = await Promise.all([findRelease({ store }, app, number), store.journalOf(app, number, 0).read(), store.releaseNotes.find(app, number)])
  return { release, journal, note, artifacts: builtIn(journal) }
}

const beforeSchema = z.object({ before: z.object({ live: z.object({ release: releaseNumberSchema }) }) })

/** What was live when the release, or the rollback, looked; null while it has not, and where nothing was. */
function liveBefore(journal: readonly JournalEntry[]): ReleaseNumber | null {
  return [...finishedSteps(journal).values()].flatMap((gives) => beforeSchema.safeParse(gives).data?.before.live.release ?? [])[0] ?? null
}

function withNothing({ note, artifacts, release, journal }: Recalled): Pick<ReleaseChanges, 'commits' | 'environment' | 'artifacts' | 'schema'> {
  const why = note === undefined ? 'It has not been held against what is live' : 'Nothing was live before it'
  return {
    commits: notKnown(why), environment: notKnown(why),
    artifacts: artifacts === undefined ? notKnown(why) : { is: 'known', services: artifactChanges({}, artifacts) },
    schema: { is: 'known', steps: [schemaChangesOf(release, journal)] },
  }
}

interface Stage {
  readonly release: ReleaseNumber
  readonly note: ReleaseNote
}

/** Down from one release to what both come from, and up to the other. */
interface Way {
  readonly back: readonly Stage[]
  readonly forth: readonly Stage[]
}

const longestWay = 100
const noWay = 'What lies between the two releases was not written down'

/** Each release was made from the one that was live then. Undefined where that is not known of one of them. */
async function wayBetween({ store, app }: Pick<Services, 'store'> & { readonly app: AppName }, { from, to }: { readonly from: ReleaseNumber; readonly to: ReleaseNumber }): Promise<Way | undefined> {
  const back: Stage[] = []
  const forth: Stage[] = []
  let [low, high]: [ReleaseNumber, ReleaseNumber] = [from, to]
  while (low !== high && back.length + forth.length < longestWay) {
    const release: ReleaseNumber = low > high ? low : high
    const note = await store.releaseNotes.find(app, release)
    if (note === undefined || note.before === null || note.before >= release) return undefined
    if (low > high) {
      back.push({ release, note })
      low = note.before
    } else {
      forth.unshift({ release, note })
      high = note.before
    }
  }
  return low === high ? { back, forth } : undefined
}

function commitsOf(way: Way | undefined, { from, to }: { readonly from: Source; readonly to: Source }): ReleaseChanges['commits'] {
  if (way === undefined) return notKnown(noWay)
  const range = composeCommits([...way.back.map(({ note }) => reversed(note.commits)), ...way.forth.map(({ note }) => note.commits)])
  return range.is === 'not known' ? range : { is: 'known', added: range.added, dropped: range.dropped, caveats: caveatsOf(range, { from, to }) }
}

function caveatsOf({ isShallow, within }: Extract<CommitRange, { is: 'known' }>, { from, to }: { readonly from: Source; readonly to: Source }): string[] {
  return [
    ...(to.dirty ? ['It also holds files that are in no commit'] : []),
    ...(from.dirty ? ['What it is held against held files that are in no commit'] : []),
    ...(isShallow ? ['The clone is shallow, so that commits may be missing'] : []),
    ...(within === '' ? [] : [`Only commits that touch ${within}`]),
  ]
}

async function schemaOf({ store }: Pick<Services, 'store'>, app: AppName, number: ReleaseNumber): Promise<ReturnType<typeof schemaChangesOf>> {
  const [release, journal] = await Promise.all([findRelease({ store }, app, number), store.journalOf(app, number, 0).read()])
  return schemaChangesOf(release, journal)
}

function notNoted(release: ReleaseNumber): { is: 'not known'; why: string } {
  return notKnown(`The environment of release ${release} was not written down`)
}

function notKnown(why: string): { is: 'not known'; why: string } {
  return { is: 'not known', why }
}
