import type { Finding, RehearsalCheck } from '../../rehearsal/rehearsal-check.ts'
import type { AppCopy, Rehearsal } from '../../rehearsal/rehearsal.ts'
import { insertText } from '../../database/insert-probe.ts'
import { askReads, isBad, readProbesOf, type ReadAnswer, type ReadProbe } from '../read-probes.ts'
import { besideLive } from '../beside-live.ts'
import { perRehearsal } from '../per-rehearsal.ts'
import { failureOf, saysSomething } from '../failure-of.ts'
import { migrateLive } from './migrate-live-check.ts'
import { hurtful, isIdle, nothingLive, type MigrationStudy, type StudyMigration } from './migration-study.ts'
import { migrators, noPreDeploy } from './pre-deploy.ts'

export const oldOnNew = 'database.old-on-new'

/** The live release's own artifacts, running on the migrated databases. */
export type RaiseOld = (rehearsal: Rehearsal, signal: AbortSignal) => Promise<AppCopy>

export function raiseOldOn(study: StudyMigration): RaiseOld {
  return perRehearsal(async (rehearsal, signal) => rehearsal.raise({ of: 'live', beside: (await study(rehearsal, signal)).copy }, signal))
}

/** Between the pre-deploy commands and the switch, and after a rollback, this is what users meet. */
export function oldOnNewCheck(study: StudyMigration, raiseOld: RaiseOld): RehearsalCheck {
  return {
    id: oldOnNew,
    title: 'The live release goes on working on the new schema',
    concern: 'database',
    after: [migrateLive],
    limitMs: 180_000,
    async ask(rehearsal, signal) {
      if (migrators(rehearsal).length === 0) return [noPreDeploy]
      if (rehearsal.live === undefined) return [{ is: 'skipped', finding: nothingLive }]
      const studied = await study(rehearsal, signal)
      // What is live runs on just these databases.
      if (isIdle(studied)) return [{ is: 'pass', finding: 'The pre-deploy commands change nothing about what is live' }]
      const writes = refusedWrites(studied)
      const reads = await failedReads({ rehearsal, studied, raiseOld }, signal)
      const found = [...writes, ...reads]
      return found.length > 0 ? besideLive(rehearsal, found) : [{ is: 'pass', finding: `Release ${rehearsal.live.release} starts, answers and writes on the new schema` }]
    },
  }
}

interface Trying {
  readonly rehearsal: Rehearsal
  readonly studied: MigrationStudy
  readonly raiseOld: RaiseOld
}

async function failedReads({ rehearsal, studied, raiseOld }: Trying, signal: AbortSignal): Promise<readonly Finding[]> {
  let old: AppCopy
  try {
    old = await raiseOld(rehearsal, signal)
  } catch (error) {
    if (!saysSomething(error)) throw error
    // What does not get up on its own schema either is no fault of the new one.
    await (await rehearsal.raise({ of: 'live', databases: 'live' }, signal)).remove()
    return [withCause({ ...failureOf(error), finding: `The live release does not start on the new schema. ${error.message}` }, studied)]
  }
  const probes = (await Promise.all(old.units.map((unit) => readProbesOf(unit, signal)))).flat()
  const bad = (await askReads(old.units, probes, signal)).filter(isBad)
  if (bad.length === 0) return []
  const known = await badOnItsOwnSchema(rehearsal, bad, signal)
  const blamed = bad.filter(({ service, path }) => !known.some((each) => each.service === service && each.path === path))
  return Promise.all(blamed.slice(0, 5).map((answer) => readFailed({ old, answer, studied }, signal)))
}

/** What it cannot answer anyway is not to be blamed on the candidate. */
async function badOnItsOwnSchema(rehearsal: Rehearsal, probes: readonly ReadProbe[], signal: AbortSignal): Promise<readonly ReadAnswer[]> {
  await using usual = await rehearsal.raise({ of: 'live', databases: 'live' }, signal)
  return (await askReads(usual.units, probes, signal)).filter(isBad)
}

async function readFailed({ old, answer, studied }: { readonly old: AppCopy; readonly answer: ReadAnswer; readonly studied: MigrationStudy }, signal: AbortSignal): Promise<Finding> {
  const { service, path, status } = answer
  const log = await old.unit(service).log(20, signal)
  const finding = withCause({ is: 'fail', service, finding: `On the new schema the live release's ${service} ${status === undefined ? 'gives no answer' : `answers ${status}`} to ${path}`, reproduce: `GET ${path}` }, studied)
  return { ...finding, evidence: [...(finding.evidence ?? []), { title: `The last lines of the live release's ${service}`, text: log.join('\n') }] }
}

function refusedWrites(studied: MigrationStudy): readonly Finding[] {
  return studied.databases.flatMap(({ refused }) => refused.map(({ probe, message }) => withCause({
    is: 'fail', finding: `What the live release writes to ${probe.table} is refused on the new schema: ${message}`, reproduce: insertText(probe),
  }, studied, probe.table)))
}

/** What to do about it is the same whatever shows it, and so is where it comes from. */
export function withCause(finding: Finding, studied: MigrationStudy, table?: string): Finding {
  const causes = hurtful(studied, table)
  return {
    ...finding,
    ...(causes.length > 0 && { finding: `${finding.finding}, because ${causes.slice(0, 2).join(' and ')}${causes.length > 2 ? `, and ${causes.length - 2} more changes` : ''}` }),
    hint: 'Add first, and remove a release later. As it is, this may only go ahead with `plimsoll release --pause`: nothing of before runs beside it, and nobody goes back from it by itself.',
    ...(causes.length > 0 && { evidence: [...(finding.evidence ?? []), { title: 'What changes that code of before can meet (database.shape)', text: causes.join('\n') }] }),
  }
}
