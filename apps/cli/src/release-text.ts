import type { ReleaseDetail, Verdict, Watch, WatchedService } from '@plimsoll/model'
import { agoText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'
import { problemText } from './screen/problem-text.ts'
import { StepLines } from './screen/step-lines.ts'
import { sourceText } from './source-text.ts'

/** One release from its beginning: its steps as they were shown then, what its checks said, and why it failed if it did. */
export function releaseText({ release, journal, verdicts }: ReleaseDetail, { paint, columns }: { readonly paint: Painter; readonly columns: number | undefined }): string {
  const { outcome } = release
  const what = release.kind === 'rollback' ? `rollback to ${release.backTo}` : sourceText(release)
  const lines = new StepLines(release.steps, paint, columns)
  const steps = journal.flatMap((entry) => lines.take(entry)?.text ?? [])
  const parts = [
    `${paint('bold', `Release ${release.number} of ${release.app}`)}  ${release.state}, ${agoText(release.startedAt, Date.now())}: ${what}`,
    ...(release.unproven === undefined ? [] : [paint('yellow', `Unproven: it was not tried in a throw-away copy first (${release.unproven})`)]),
    ...steps,
    ...verdictLines(verdicts, paint),
    ...watchLines(release.watch, paint),
  ]
  const problem = outcome !== undefined && 'problem' in outcome ? outcome.problem : release.watch?.problem
  return `${parts.join('\n')}\n${problem === undefined ? '' : problemText(problem, paint)}`
}

/** What was seen last of each service. */
function watchLines(watch: Watch | undefined, paint: Painter): string[] {
  if (watch?.look === undefined) return []
  const { services, note, at } = watch.look
  const width = Math.max(0, ...services.map(({ service }) => service.length))
  const seen = services.map(({ service, is, finding }) => `  ${watchMarks(paint)[is]} ${service.padEnd(width)}  ${finding}`)
  return [`Its watch (${watchStateWords[watch.state]}; last looked ${agoText(at, Date.now())}):`, ...seen, ...(note === undefined ? [] : [`  ${note}`])]
}

const watchStateWords: Readonly<Record<Watch['state'], string>> = {
  'waiting': 'begins when it is live', 'watching': 'goes on', 'going-back': 'goes back', 'passed': 'passed', 'went-back': 'went back', 'needs-attention': 'needs attention', 'ended': 'ended early',
}

function watchMarks(paint: Painter): Readonly<Record<WatchedService['is'], string>> {
  return { 'well': paint('green', '✓'), 'kept': paint('green', '✓'), 'quiet': paint('dim', '-'), 'worse': paint('red', '✗'), 'as-bad': paint('yellow', '!') }
}

function verdictLines(verdicts: readonly Verdict[], paint: Painter): string[] {
  if (verdicts.length === 0) return []
  const names = verdicts.map(({ check, service }) => (service === undefined ? check : `${service} ${check}`))
  const width = Math.max(...names.map((name) => name.length))
  return ['Its checks:', ...verdicts.map((verdict, i) => verdictText(verdict, (names[i] ?? '').padEnd(width), paint))]
}

function verdictText({ is, finding, reproduce, hint }: Verdict, name: string, paint: Painter): string {
  const advice = is === 'pass' ? undefined : (hint ?? reproduce)
  return `  ${marks(paint)[is]} ${name}  ${finding}${advice === undefined ? '' : `\n    ${paint('cyan', '→')} ${advice}`}`
}

function marks(paint: Painter): Readonly<Record<Verdict['is'], string>> {
  return { pass: paint('green', '✓'), fail: paint('red', '✗'), inconclusive: paint('yellow', '?'), skipped: paint('dim', '-') }
}
