import { concernTitles, durationText, type Coverage, type Verification } from '@plimsoll/model'
import { markup, type Markup } from '../markup.ts'
import { timelineOf, type Span } from '../timeline.ts'
import { mark } from './tones.ts'

/** When everything ran; what the whole was as long as is drawn full. */
export function timelineSection(verification: Verification): Markup | undefined {
  const { spans, totalMs, criticalMs } = timelineOf(verification)
  if (spans.length === 0 || totalMs === 0) return undefined
  const chain = spans.filter(({ isCritical }) => isCritical)
  return markup`<section aria-labelledby="timeline"><h2 id="timeline">Where the time went</h2>
<div class="plate plate-body"><p>${durationText(totalMs)} in all. The full bars are the critical path, ${durationText(criticalMs)}: had one of them been faster, the whole would have been. The other ${durationText(Math.max(0, totalMs - criticalMs))} went into builds, copies and waiting.</p>
<ol class="chain" aria-label="Critical path">${chain.map(({ title, tookMs }) => markup`<li>${title} <span class="took">${durationText(tookMs)}</span></li>`)}</ol>
<ul class="spans">${spans.map((span) => spanRow(span, totalMs))}</ul></div></section>`
}

function spanRow({ title, concern, fromMs, tookMs, is, isCritical }: Span, totalMs: number): Markup {
  const percent = (ms: number): string => ((100 * Math.max(0, ms)) / totalMs).toFixed(2)
  return markup`<li class="span"><span class="span-title" title="${concernTitles[concern]}">${title}</span><span class="span-bar" aria-hidden="true"><i data-is="${is}" data-critical="${String(isCritical)}" style="left:${percent(fromMs)}%;width:${percent(tookMs)}%"></i></span><span class="took">${durationText(tookMs)}<span class="unseen"> from ${durationText(Math.max(0, fromMs))}${isCritical ? ', on the critical path' : ''}${is === 'blocks' ? ', blocks' : ''}</span></span></li>`
}

const shownFiles = 40

/** How many of the services' lines ran; the files with the most that did not come first. */
export function coverageSection({ coverage }: Verification): Markup {
  if (coverage === undefined) return markup`<section aria-labelledby="coverage"><h2 id="coverage">Coverage</h2><div class="plate unasked"><p class="row-head">${mark('quiet')}<strong>Not measured</strong><span class="row-words">Nobody knows how much of the services' code ran</span></p></div></section>`
  const missing = coverage.files.filter(({ lines, covered }) => covered < lines).toSorted((a, b) => b.lines - b.covered - (a.lines - a.covered))
  return markup`<section aria-labelledby="coverage"><h2 id="coverage">Coverage</h2><div class="plate plate-body">
${share('All lines of the services', coverage.total)}
${coverage.changed === undefined ? undefined : share('Lines that differ from what is live', coverage.changed)}
${missing.length === 0 ? undefined : markup`<details class="evidence"><summary>Files with lines that did not run: ${missing.length}${missing.length > shownFiles ? `, the first ${shownFiles} of them` : undefined}</summary><div class="scroll" tabindex="0" role="group" aria-label="Files"><table><thead><tr><th scope="col">File</th><th scope="col">Did not run</th><th scope="col">Lines</th></tr></thead><tbody>${missing.slice(0, shownFiles).map(({ file, lines, covered }) => markup`<tr><td><code>${file}</code></td><td>${lines - covered}</td><td>${lines}</td></tr>`)}</tbody></table></div></details>`}
</div></section>`
}

function share(title: string, { lines, covered }: Coverage['total']): Markup {
  if (lines === 0) return markup`<p class="share"><span>${title}</span><strong>none</strong></p>`
  const percent = Math.floor((1000 * covered) / lines) / 10
  return markup`<p class="share"><span>${title}</span><strong>${percent} %</strong><span class="share-bar" aria-hidden="true"><i style="width:${percent}%"></i></span><span class="took">${covered} of ${lines}</span></p>`
}
