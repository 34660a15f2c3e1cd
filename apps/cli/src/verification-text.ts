import { concernTitles, durationText, storyOf, type Cause, type NamedTest, type NotChecked, type Verdict, type Verification, type VerificationStory } from '@plimsoll/model'
import { fit } from './screen/fit.ts'
import type { Painter } from './screen/painter.ts'
import { printedLine } from './screen/printed-line.ts'
import { problemText } from './screen/problem-text.ts'

/** Of each text that was seen, its last lines. */
const shownLines = 12
const shownTests = 10

/**
 * What came of a verification. Nothing is said of what is fine. What was not looked at is said, then what could not be found out, then what
 * blocks, the gravest last, and under it the verdict: so the last lines, which stay on the screen, are the ones that matter.
 */
export function verificationText(verification: Verification, paint: Painter, columns: number | undefined): string {
  const story = storyOf(verification)
  const lines = [
    ...story.advice.flatMap(({ verdicts }) => verdicts).map(({ service, finding }) => `${paint('yellow', '!')} Advice: ${named(service, finding, paint)}`),
    ...testLines(story, paint),
    ...notCheckedLines(story.notChecked, paint),
    ...noticeLines(verification, paint),
    ...story.unknown.toReversed().flatMap((cause) => causeLines(cause, paint('yellow', '?'), paint)),
    ...story.blocking.toReversed().flatMap((cause) => causeLines(cause, paint(['red', 'bold'], '✗'), paint)),
    ...(verification.problem === undefined ? [] : [problemText(verification.problem, paint).trimEnd()]),
    ...verdictLines(verification, story, paint),
  ]
  return `${lines.map((line) => fit(line, columns)).join('\n')}\n`
}

/** Whatever somebody else wrote, on one line that cannot disturb the screen. */
function said(text: string, paint: Painter): string {
  return printedLine(text.replaceAll('\n', ' '), paint)
}

function named(service: string | undefined, finding: string, paint: Painter): string {
  return service === undefined ? said(finding, paint) : `${paint('bold', said(service, paint))} ${said(finding, paint)}`
}

function causeLines({ check, title, concern, verdicts, notAsked }: Cause, mark: string, paint: Painter): string[] {
  return [
    `${mark} ${paint('bold', `${concernTitles[concern]}: ${said(title, paint)}`)} ${paint('dim', `[${said(check, paint)}]`)}`,
    ...verdicts.flatMap((verdict) => verdictHelp(verdict, paint)),
    ...(notAsked.length === 0 ? [] : [`  ${notAsked.length} ${notAsked.length === 1 ? 'check was' : 'checks were'} not asked because of this: ${notAsked.map((each) => said(each, paint)).join('; ')}`]),
  ]
}

function verdictHelp({ service, finding, hint, reproduce, evidence = [] }: Verdict, paint: Painter): string[] {
  const seen = evidence.flatMap(({ text }) => text ?? []).slice(0, 1).flatMap((text) => text.trimEnd().split('\n').slice(-shownLines))
  return [
    ...seen.map((line) => `  ${paint('dim', '│')} ${printedLine(line, paint)}`),
    `  ${named(service, finding, paint)}`,
    ...(hint === undefined ? [] : [`  ${paint('cyan', '→')} ${said(hint, paint)}`]),
    ...(reproduce === undefined ? [] : [`  ${paint('dim', '$')} ${said(reproduce, paint)}`]),
  ]
}

function testLines({ failedTests, flakyTests, quarantinedTests }: VerificationStory, paint: Painter): string[] {
  const list = (mark: string, tests: readonly NamedTest[], tail: (test: NamedTest) => string): string[] => [
    ...tests.slice(0, shownTests).map((test) => `${mark} ${said(test.suite, paint)}: ${said(test.name, paint)}${tail(test)}`),
    ...(tests.length > shownTests ? [`${mark} and ${tests.length - shownTests} more`] : []),
  ]
  return [
    ...list(paint('yellow', '•'), quarantinedTests, ({ quarantined }) => `  quarantined until ${said(quarantined?.until ?? '', paint)} by ${said(quarantined?.owner ?? '', paint)}: ${said(quarantined?.reason ?? '', paint)}`),
    ...list(paint('yellow', '!'), flakyTests, ({ attempts }) => `  flaky: passed at attempt ${attempts}`),
    ...list(paint('red', '✗'), failedTests, ({ message }) => (message === undefined ? '' : `  ${said(message, paint)}`)),
  ]
}

/** By their reason: eleven concerns that nobody asks about are one line. */
function notCheckedLines(notChecked: readonly NotChecked[], paint: Painter): string[] {
  const reasons = [...new Set(notChecked.map(({ why }) => why))]
  return reasons.map((why) => `${paint('yellow', '!')} Not checked: ${notChecked.filter((each) => each.why === why).map(({ title }) => said(title, paint)).join(', ')}. ${said(why, paint)}`)
}

function noticeLines({ notices = [] }: Verification, paint: Painter): string[] {
  return notices.filter(({ is }) => is === 'undelivered' || is === 'closed').map(({ channel, to, why }) => `${paint('yellow', '!')} ${channel} to ${said(to, paint)} was not told: ${said(why ?? 'the reason is not known', paint)}`)
}

const marks: Readonly<Record<Verification['state'], readonly ['green' | 'red' | 'yellow', string]>> = {
  passed: ['green', '✓'], blocked: ['red', '✗'], unsure: ['yellow', '?'], interrupted: ['yellow', '!'], running: ['yellow', '•'],
}

function verdictLines({ state, startedAt, endedAt, directory }: Verification, { sentence, also }: VerificationStory, paint: Painter): string[] {
  const [colour, mark] = marks[state]
  const took = endedAt === undefined ? '' : ` ${paint('dim', durationText(Date.parse(endedAt) - Date.parse(startedAt)))}`
  return [`${paint([colour, 'bold'], mark)} ${paint('bold', sentence)}${took}`, ...(also.length === 0 ? [] : [`  ${also.join(' ')}`]), `  ${paint('dim', `Reports: ${directory}`)}`]
}
