import { isPlimsollError, type Outcome, type Problem, type Release, type ReleaseNumber, type Watch } from '@plimsoll/model'
import { passing } from '../passing-problems.ts'
import type { WatchScope } from './keep-watch.ts'

/**
 * Lets the release before serve again, on behalf of a watch whose intent to do so is written down, and writes down how that
 * ended. Called again after a crash it completes what was begun. `not now`: another release is under way, or
 * the edge or the database was away at the wrong moment; the release serves as before.
 */
export async function goBackFrom(scope: WatchScope, signal: AbortSignal): Promise<'done' | 'not now'> {
  const { services, runner, release, watch } = scope
  const { app, number } = release
  const { previous } = watch
  if (previous === undefined) return 'not now'
  await runner.ended(app)
  if (await serves(scope, previous, signal)) return wentBack(scope)
  if (!(await serves(scope, number, signal))) return ended(scope)
  const target = await services.store.releases.find(app, previous)
  const rollback = await runner.start({ app, source: target?.source ?? release.source, backTo: previous, whileLive: number, waitMs: 0 }, signal).catch(refused)
  if (rollback === undefined) return 'not now'
  await runner.ended(app)
  if (await serves(scope, previous, signal)) return wentBack(scope)
  const outcome = (await services.store.releases.find(app, rollback.number))?.outcome
  // Taken back as cleanly as if it had never been tried: it is tried again while the release does worse.
  return outcome?.is === 'undone' && passing.has(outcome.problem.code) ? 'not now' : failed(scope, outcome)
}

/** Somebody else releases, or has done so in this moment. */
function refused(error: unknown): undefined {
  if (isPlimsollError(error) && (error.code === 'RELEASE_LOCKED' || error.code === 'NOTHING_TO_ROLL_BACK')) return undefined
  throw error
}

async function serves({ services, release: { app } }: WatchScope, number: ReleaseNumber, signal: AbortSignal): Promise<boolean> {
  return (await services.edge.live(app, signal))?.live.release === number
}

async function wentBack(scope: WatchScope): Promise<'done'> {
  const { problem } = scope.watch
  return note(scope, { ...scope.watch, state: 'went-back' }, problem === undefined ? undefined : { is: 'rolled-back', problem })
}

function ended(scope: WatchScope): Promise<'done'> {
  const { problem: _, ...watch } = scope.watch
  return note(scope, { ...watch, state: 'ended' })
}

async function failed(scope: WatchScope, outcome: Outcome | undefined): Promise<'done'> {
  const { release: { app, number }, watch } = scope
  const cause = outcome !== undefined && 'problem' in outcome ? outcome.problem.message : 'it did not end'
  const problem: Problem = {
    code: 'NEEDS_ATTENTION',
    message: `Release ${number} of ${app} is live and not well, and going back to release ${watch.previous} failed: ${cause}. ${watch.problem?.message ?? ''}`.trim(),
    hint: `Try it again: plimsoll rollback --app ${app}`,
  }
  return note(scope, { ...watch, state: 'needs-attention', problem })
}

async function note({ services, release: { app, number } }: WatchScope, watch: Watch, outcome?: Release['outcome']): Promise<'done'> {
  await services.store.releases.noteWatch({ app, number }, { watch, ...(outcome !== undefined && { outcome }) })
  return 'done'
}
