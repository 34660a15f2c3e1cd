import { concernTitles, durationText, storyOf, type Cause, type NamedTest, type Verdict, type Verification, type VerificationStory } from '@plimsoll/model'
import { codeBlock, plainMarkdown } from './markdown.ts'

/** A comment on GitHub may have 65,536 characters; a job's summary far more, and gets the same. */
export const summaryLimit = 65_000

const shownCauses = 10
const shownFindings = 5

/** By which a comment is found again, so that it is updated and not written anew. */
export function commentMarker(app: string): string {
  return `<!-- plimsoll-verify:${app} -->`
}

/** The report as Markdown, for a job's summary and a comment on a pull request alike: under {@link summaryLimit} characters whatever is in it. */
export function summaryReport(verification: Verification): string {
  const story = storyOf(verification)
  const head = [commentMarker(verification.app), `## ${stateSigns[verification.state]} ${plainMarkdown(story.sentence)}`, ...bullets(story.found.map((line) => plainMarkdown(line))), ...(story.also.length === 0 ? [] : [plainMarkdown(story.also.join(' '))]), factsLine(verification)]
  const parts = [
    ...story.blocking.slice(0, shownCauses).map((cause) => causeText(cause)),
    ...moreText(story.blocking.length - shownCauses, 'more that block'),
    ...story.unknown.slice(0, shownCauses).map((cause) => causeText(cause)),
    ...moreText(story.unknown.length - shownCauses, 'more that could not be found out'),
    ...testsText(story),
    ...notCheckedText(story),
    tallyTable(story),
    ...adviceText(story),
    ...noticesText(verification),
  ]
  return `${withinLimit(head, parts).join('\n\n')}\n`
}

const stateSigns: Readonly<Record<Verification['state'], string>> = { passed: '✅', blocked: '❌', unsure: '⚠️', interrupted: '⚠️', running: '⏳' }

const leftOut = '*The rest does not fit here: see the whole report.*'

/** Whole parts, in order, for as long as there is room. */
function withinLimit(head: readonly string[], parts: readonly string[]): string[] {
  const kept = [...head]
  let length = head.join('\n\n').length
  for (const part of parts) {
    length += part.length + 2
    if (length > summaryLimit - leftOut.length - 3) return [...kept, leftOut]
    kept.push(part)
  }
  return kept
}

function bullets(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join('\n')]
}

function factsLine({ source, startedAt, endedAt, against, place, id, artifacts }: Verification): string {
  const what = source.commit === undefined ? 'The working tree' : `Commit ${source.commit.slice(0, 7)}${source.dirty ? ' with uncommitted changes' : ''}`
  const took = endedAt === undefined ? '' : ` · ${durationText(Date.parse(endedAt) - Date.parse(startedAt))}`
  return `<sub>${plainMarkdown(what)} · held against ${against === undefined ? 'nothing, as no release was live' : `release ${against}`} · ${place}${took} · ${artifacts.length} ${artifacts.length === 1 ? 'artifact' : 'artifacts'} · verification ${id}</sub>`
}

function causeText({ check, title, concern, verdicts, notAsked }: Cause): string {
  const more = verdicts.length > shownFindings ? [`- and ${verdicts.length - shownFindings} more`] : []
  const skipped = notAsked.length === 0 ? [] : [`**${notAsked.length} ${notAsked.length === 1 ? 'check was' : 'checks were'} not asked because of this:** ${plainMarkdown(notAsked.join('; '), 1_000)}`]
  return [`### ${concernTitles[concern]}: ${plainMarkdown(title)}`, ...verdicts.slice(0, shownFindings).map(findingText), ...more, ...skipped, `<sub>${plainMarkdown(check)}</sub>`].join('\n\n')
}

function findingText({ service, finding, hint, reproduce, evidence = [] }: Verdict): string {
  const seen = evidence.find(({ text }) => text !== undefined)
  return [
    `- ${service === undefined ? '' : `**${plainMarkdown(service)}** `}${plainMarkdown(finding, 1_000)}`,
    ...(hint === undefined ? [] : [`  → ${plainMarkdown(hint)}`]),
    ...(reproduce === undefined ? [] : [codeBlock(reproduce, 1_000)]),
    ...(seen?.text === undefined ? [] : [`<details><summary>${plainMarkdown(seen.title)}</summary>\n\n${codeBlock(seen.text)}\n\n</details>`]),
  ].join('\n\n')
}

function moreText(count: number, words: string): string[] {
  return count > 0 ? [`**And ${count} ${words}.** See the whole report.`] : []
}

function testsText({ failedTests, flakyTests, quarantinedTests }: VerificationStory): string[] {
  const list = (title: string, tests: readonly NamedTest[], tail: (test: NamedTest) => string): string[] => {
    if (tests.length === 0) return []
    const lines = tests.slice(0, shownCauses).map((test) => `- ${plainMarkdown(test.name)} (${plainMarkdown(test.suite)})${tail(test)}`)
    return [[`### ${title}`, '', ...lines, ...(tests.length > shownCauses ? [`- and ${tests.length - shownCauses} more`] : [])].join('\n')]
  }
  return [
    ...list('Tests that failed', failedTests, ({ message }) => (message === undefined ? '' : `: ${plainMarkdown(message, 300)}`)),
    ...list('Flaky tests', flakyTests, ({ attempts }) => `: passed at attempt ${attempts}`),
    ...list('Quarantined tests that did not pass', quarantinedTests, ({ quarantined }) => `: until ${plainMarkdown(quarantined?.until ?? '')}, ${plainMarkdown(quarantined?.owner ?? '')}: ${plainMarkdown(quarantined?.reason ?? '', 200)}`),
  ]
}

function notCheckedText({ notChecked }: VerificationStory): string[] {
  if (notChecked.length === 0) return []
  return [[`### ⚠️ Not checked: ${notChecked.length}`, '', ...notChecked.slice(0, 30).map(({ title, why }) => `- **${plainMarkdown(title)}**: ${plainMarkdown(why, 300)}`), ...(notChecked.length > 30 ? [`- and ${notChecked.length - 30} more`] : [])].join('\n')]
}

function tallyTable({ tallies }: VerificationStory): string {
  const rows = tallies.map(({ concern, isAsked, passed, failed, unknown, advice, skipped }) => `| ${concernTitles[concern]} | ${isAsked ? `${passed} | ${failed} | ${unknown} | ${skipped} | ${advice}` : '**not checked** | | | |'} |`)
  return ['| Concern | Passed | Blocks | Not known | Not asked | Advice |', '| --- | ---: | ---: | ---: | ---: | ---: |', ...rows].join('\n')
}

function adviceText({ advice }: VerificationStory): string[] {
  if (advice.length === 0) return []
  return [`<details><summary>Advice: ${advice.length}</summary>\n\n${advice.flatMap(({ verdicts }) => verdicts).slice(0, 20).map(({ finding }) => `- ${plainMarkdown(finding, 300)}`).join('\n')}\n\n</details>`]
}

function noticesText({ notices = [] }: Verification): string[] {
  const missed = notices.filter(({ is }) => is === 'undelivered' || is === 'closed')
  return bullets(missed.map(({ channel, to, why }) => `${channel} to ${plainMarkdown(to)} was not told: ${plainMarkdown(why ?? 'the reason is not known', 300)}`))
}
