import { concernTitles, durationText, type AskedCheck, type ConcernTally, type Verdict } from '@plimsoll/model'
import type { EvidenceFiles } from '../evidence-files.ts'
import { markup, type Markup } from '../markup.ts'
import { help } from './cause-card.ts'
import { anchorOf, mark, tallyWord, verdictWord } from './tones.ts'

/** Every check of every concern with each of its answers. What is good is folded away; what is not stands open. */
export function everything(tallies: readonly ConcernTally[], files: EvidenceFiles): Markup {
  return markup`<section aria-labelledby="everything"><h2 id="everything">Everything that was asked</h2>${tallies.map((tally) => concern(tally, files))}</section>`
}

function concern(tally: ConcernTally, files: EvidenceFiles): Markup {
  const { tone, words } = tallyWord(tally)
  const title = concernTitles[tally.concern]
  if (tally.checks.length === 0) {
    return markup`<div class="plate${tally.isAsked ? undefined : ' unasked'}" id="${anchorOf(tally.concern)}"><p class="row-head">${mark(tone)}<strong>${title}</strong><span class="row-words">${tally.isAsked ? words : 'Not checked: no check asked about this'}</span></p></div>`
  }
  return markup`<details class="plate" id="${anchorOf(tally.concern)}"${tone === 'bad' || tone === 'warn' ? markup` open` : undefined}>
<summary class="row-head">${mark(tone)}<strong>${title}</strong><span class="row-words">${words}</span></summary>
<ul class="rows">${tally.checks.flatMap((check) => check.verdicts.map((verdict) => row(check, verdict, files)))}</ul></details>`
}

function row({ id, title }: AskedCheck, verdict: Verdict, files: EvidenceFiles): Markup {
  const { is, weight, service, finding, tookMs } = verdict
  const { tone, word } = verdictWord(verdict)
  // Those have cards of their own, with everything.
  const isTold = is === 'fail' && weight !== 'advice'
  return markup`<li class="row">${mark(tone)}<div class="row-body"><p>${title}${service === undefined ? undefined : markup` <span class="service">${service}</span>`}</p><p class="row-finding">${finding}</p>${is === 'pass' || isTold ? undefined : help(verdict, false, files)}${is === 'pass' && (verdict.evidence ?? []).length > 0 ? help(verdict, false, files) : undefined}<p class="row-id"><code>${id}</code></p></div><p class="row-end"><span data-tone="${tone}">${word}</span>${is === 'skipped' ? undefined : markup`<br>${durationText(tookMs)}`}</p></li>`
}
