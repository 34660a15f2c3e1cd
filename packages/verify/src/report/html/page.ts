import { createHash } from 'node:crypto'
import { storyOf, type Cause, type NotChecked, type Verification } from '@plimsoll/model'
import type { EvidenceFiles } from '../evidence-files.ts'
import { asMarkup, markup, type Markup } from '../markup.ts'
import { oneLine } from '../visible-text.ts'
import { causeCard } from './cause-card.ts'
import { artifactsSection, noticesSection } from './closing.ts'
import { everything } from './everything.ts'
import { coverageSection, timelineSection } from './figures.ts'
import { hero } from './hero.ts'
import { script } from './script.ts'
import { style } from './style.ts'
import { suitesSection } from './suites-section.ts'
import { loadLine, mark, type Tone } from './tones.ts'

/**
 * The whole report as one HTML file that asks for nothing from anywhere. It says the verdict first, and reads the same without its script.
 * Whatever got through as markup all the same could neither run nor ask for anything: the page's own policy allows one script, by its digest.
 */
export function htmlReport(verification: Verification, files: EvidenceFiles): string {
  const story = storyOf(verification)
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${oneLine(story.sentence)}</title>
<style>${asMarkup(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
<header class="top"><p>${loadLine(true)}<strong>Plimsoll</strong><span class="slash" aria-hidden="true">/</span>${verification.app}<span class="slash" aria-hidden="true">/</span>verification</p></header>
<main id="main">
${hero(verification, story)}
${cards({ id: 'blocking', title: 'What blocks', tone: 'bad' }, story.blocking, files)}
${cards({ id: 'unknown', title: 'What could not be found out', tone: 'warn' }, story.unknown, files)}
${notChecked(story.notChecked)}
${suitesSection(verification.suites, story)}
${cards({ id: 'advice', title: 'Advice', tone: 'warn' }, story.advice, files)}
${coverageSection(verification)}
${everything(story.tallies, files)}
${timelineSection(verification)}
${artifactsSection(verification)}
${noticesSection(verification)}
</main>
<footer class="bottom"><p>The same for programs: <a href="./verification.json">verification.json</a>, <a href="./junit.xml">junit.xml</a>, <a href="./ctrf.json">ctrf.json</a>, <a href="./summary.md">summary.md</a>. Known secrets were taken out when this was written; pictures show what the pages showed.</p></footer>
<script>${asMarkup(script)}</script>
</body>
</html>
`
  return page.markup
}

const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'; base-uri 'none'; form-action 'none'`

function cards({ id, title, tone }: { readonly id: string; readonly title: string; readonly tone: Tone }, causes: readonly Cause[], files: EvidenceFiles): Markup | undefined {
  if (causes.length === 0) return undefined
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${causes.map((cause) => causeCard(cause, tone, files))}</section>`
}

/** As loud as a failure: whoever trusts this report must know where it ends. */
function notChecked(gaps: readonly NotChecked[]): Markup | undefined {
  if (gaps.length === 0) return undefined
  return markup`<section aria-labelledby="not-checked"><h2 id="not-checked">Not checked</h2><article class="card" data-tone="warn"><header class="card-head">${mark('quiet')}<div><h3>${gaps.length === 1 ? 'Nobody looked at this. It may be broken.' : `Nobody looked at these ${gaps.length}. They may be broken.`}</h3></div></header><ul class="gaps">${gaps.map(({ title, why }) => markup`<li><strong>${title}</strong><span>${why}</span></li>`)}</ul></article></section>`
}
