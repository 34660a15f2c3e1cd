import { durationText, type SuiteRun, type SuiteTest, type VerificationStory } from '@plimsoll/model'
import { markup, type Markup } from '../markup.ts'
import { command } from './cause-card.ts'
import { mark, suiteWords, testWords } from './tones.ts'

const worstFirst: readonly SuiteTest['is'][] = ['failed', 'flaky', 'skipped', 'passed']

/** The repository's own suites; first what did not pass, and always what passed only at the second try or is quarantined. */
export function suitesSection(suites: readonly SuiteRun[], { flakyTests, quarantinedTests }: VerificationStory): Markup | undefined {
  if (suites.length === 0) return undefined
  return markup`<section aria-labelledby="suites"><h2 id="suites">Your own suites</h2>
${unsteady('Flaky: failed, and then passed with a fresh worker and database', flakyTests, ({ suite, name, attempts, message }) => markup`<p>${name} <span class="service">${suite}</span></p><p class="row-finding">Passed at attempt ${attempts}${message === undefined ? undefined : `; before that: ${message}`}</p>`)}
${unsteady('Quarantined: did not pass, and blocks nothing until its day', quarantinedTests, ({ suite, name, quarantined }) => markup`<p>${name} <span class="service">${suite}</span></p><p class="row-finding">${quarantined?.reason}. Owner: ${quarantined?.owner}. Blocks again from ${quarantined?.until}.</p>`)}
${suites.map(suitePlate)}</section>`
}

function unsteady<T>(title: string, tests: readonly T[], line: (test: T) => Markup): Markup | undefined {
  if (tests.length === 0) return undefined
  return markup`<div class="plate loud" data-tone="warn"><p class="row-head">${mark('warn')}<strong>${title}</strong><span class="row-words">${tests.length}</span></p><ul class="rows">${tests.map((test) => markup`<li class="row">${mark('warn')}<div class="row-body">${line(test)}</div></li>`)}</ul></div>`
}

function suitePlate({ name, command: asked, is, tests, tookMs, problem, log }: SuiteRun): Markup {
  const { tone, word } = suiteWords[is]
  const sorted = tests.toSorted((a, b) => worstFirst.indexOf(a.is) - worstFirst.indexOf(b.is))
  const counts = worstFirst.map((each) => [tests.filter((test) => test.is === each).length, testWords[each].word.toLowerCase()] as const).filter(([count]) => count > 0).map(([count, each]) => `${count} ${each}`)
  return markup`<details class="plate"${is === 'failed' || is === 'broken' ? markup` open` : undefined}><summary class="row-head">${mark(tone)}<strong>${name}</strong><span class="row-words">${[word, ...counts].join(', ')} · ${durationText(tookMs)}</span></summary>
<div class="plate-body">${problem === undefined ? undefined : markup`<p class="found">${problem}</p>`}${command(asked)}${log.length === 0 ? undefined : markup`<details class="evidence"${is === 'broken' ? markup` open` : undefined}><summary>The last ${log.length} lines that it printed</summary><pre tabindex="0">${log.join('\n')}</pre></details>`}</div>
<ul class="rows">${sorted.map(testRow)}</ul></details>`
}

function testRow({ name, file, is, tookMs, message, quarantined }: SuiteTest): Markup {
  const { tone, word } = testWords[is]
  return markup`<li class="row">${mark(tone)}<div class="row-body"><p>${name}</p>${file === undefined ? undefined : markup`<p class="row-id"><code>${file}</code></p>`}${message === undefined || is === 'passed' ? undefined : markup`<pre tabindex="0">${message}</pre>`}</div><p class="row-end"><span data-tone="${tone}">${word}${quarantined === undefined ? '' : ', quarantined'}</span><br>${durationText(tookMs)}</p></li>`
}
