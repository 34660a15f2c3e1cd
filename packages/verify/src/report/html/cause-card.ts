import { concernTitles, type Cause, type Evidence, type Verdict } from '@plimsoll/model'
import type { EvidenceFiles } from '../evidence-files.ts'
import { markup, type Markup } from '../markup.ts'
import { mark, type Tone } from './tones.ts'

/** One reason, with everything that it takes to see it again and to mend it, and with what it kept from being asked. */
export function causeCard({ check, title, concern, verdicts, notAsked }: Cause, tone: Tone, files: EvidenceFiles): Markup {
  return markup`
<article class="card" data-tone="${tone}">
  <header class="card-head">${mark(tone)}<div><p class="over">${concernTitles[concern]} <code>${check}</code></p><h3><span class="wanted">Expected:</span> ${title}</h3></div></header>
  ${verdicts.map((verdict, i) => finding(verdict, i === 0, files))}
  ${notAsked.length === 0 ? undefined : markup`<details class="consequence"><summary><strong>${notAsked.length} ${notAsked.length === 1 ? 'check was' : 'checks were'} not asked because of this</strong></summary><ul>${notAsked.map((each) => markup`<li>${each}</li>`)}</ul></details>`}
</article>`
}

function finding(verdict: Verdict, isFirst: boolean, files: EvidenceFiles): Markup {
  return markup`<div class="finding"><p class="found">${verdict.service === undefined ? undefined : markup`<span class="service">${verdict.service}</span> `}${verdict.finding}</p>${help(verdict, isFirst, files)}</div>`
}

/** What stands under a finding: how to see it again, what to do, what was seen. */
export function help({ reproduce, hint, evidence = [] }: Verdict, isOpen: boolean, files: EvidenceFiles): Markup {
  return markup`${hint === undefined ? undefined : markup`<p class="hint"><span aria-hidden="true">→ </span>${hint}</p>`}
${reproduce === undefined ? undefined : command(reproduce)}
${evidence.map((each, i) => shown(each, isOpen && i < 2, files))}`
}

/** A command to type: one click selects it whole, and where there is a script, a button copies it. */
export function command(text: string): Markup {
  return markup`<div class="command"><code data-copy>${text}</code></div>`
}

function shown({ title, text, file }: Evidence, isOpen: boolean, files: EvidenceFiles): Markup {
  return markup`<details class="evidence"${isOpen ? markup` open` : undefined}><summary>${title}</summary>
${text === undefined ? undefined : markup`<pre tabindex="0">${text}</pre>`}
${file === undefined ? undefined : shownFile(file, title, files)}</details>`
}

function shownFile(file: string, title: string, files: EvidenceFiles): Markup {
  const found = files.get(file)
  if (found?.is === 'picture') return markup`<figure><img src="${found.dataUri}" alt="${title}"></figure>`
  if (found?.is === 'beside') return markup`<p class="aside">In the file <a href="${fileLink(file)}">evidence/${file}</a> beside this report.</p>`
  return markup`<p class="aside">The file <code>${file}</code> is not shown: ${found?.why ?? 'it was not looked for'}.</p>`
}

/** Relative, whatever it is called: a name that begins like an address does not become one. */
function fileLink(file: string): string {
  return `./evidence/${file.split('/').map(encodeURIComponent).join('/')}`
}
