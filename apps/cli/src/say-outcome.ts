import type { AppView, Release } from '@plimsoll/model'
import { exitStatusOf, outcomeText } from './outcome-text.ts'
import { watchEndText } from './watch-text.ts'
import { fit } from './screen/fit.ts'
import { createPainter } from './screen/painter.ts'
import type { Session } from './session.ts'

/** Says how a release ended and sets the exit status; with `json` only the latter. `app` is how it stands now. */
export function sayOutcome(session: Session, { release, app }: { readonly release: Release; readonly app: AppView }, { json }: { readonly json: boolean }): void {
  session.exitWith(exitStatusOf(release))
  if (json) return
  const tooLate = session.interrupted.aborted && release.outcome?.is === 'completed'
  const wayBack = app.previous.length === 0 ? '' : ` To go back: plimsoll rollback --app ${app.name}`
  const text = `${outcomeText(release, app, createPainter(session.out))}${tooLate ? `  It was too late to stop it.${wayBack}\n` : ''}`
  session.out.write(fit(text, session.out.columns))
}

/** Says how the watch of a release ended and sets the exit status; with `json` prints the release. */
export function sayWatchEnd(session: Session, release: Release, { json }: { readonly json: boolean }): void {
  session.exitWith(exitStatusOf(release))
  const { out } = session
  out.write(json ? `${JSON.stringify({ event: 'end', data: release })}\n` : fit(watchEndText(release, createPainter(out)), out.columns))
}
