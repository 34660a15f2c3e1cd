import { concernTitles, durationText, type Verification, type VerificationStory } from '@plimsoll/model'
import { markup, type Markup } from '../markup.ts'
import { anchorOf, loadLine, mark, stateTones, tallyWord, type Tone } from './tones.ts'

/** What somebody knows who reads nothing else: the verdict, of what, and which concerns stand how. */
export function hero(verification: Verification, story: VerificationStory): Markup {
  const tone = stateTones[verification.state]
  return markup`
<section class="hero" data-tone="${tone}" aria-labelledby="verdict">
  <div class="hero-words">
    ${loadLine(tone === 'good')}
    <div>
      <h1 id="verdict">${story.sentence}</h1>
      ${story.found.length === 0 ? undefined : markup`<ul class="found-first">${story.found.map((line) => markup`<li>${line}</li>`)}</ul>`}
      ${story.also.length === 0 ? undefined : markup`<p class="also">${story.also.join(' ')}</p>`}
    </div>
  </div>
  ${gauge(story)}
  <dl class="facts">${facts(verification).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</section>
<nav aria-label="Concerns"><ul class="tiles">${story.tallies.map((tally) => {
    const { tone: own, words } = tallyWord(tally)
    return markup`<li><a class="tile" data-tone="${own}" href="#${anchorOf(tally.concern)}">${mark(own)}<span class="tile-name">${concernTitles[tally.concern]}</span><span class="tile-words">${words}</span></a></li>`
  })}</ul></nav>`
}

/** All answers as one line, so that the weight of what is missing can be seen. */
function gauge({ tallies }: VerificationStory): Markup {
  const sum = (which: 'passed' | 'failed' | 'unknown' | 'advice' | 'skipped'): number => tallies.reduce((total, tally) => total + tally[which], 0)
  const silent = tallies.filter(({ isAsked }) => !isAsked).length
  const parts: readonly (readonly [number, string, Tone | 'advice'])[] = [[sum('failed'), 'blocking', 'bad'], [sum('unknown'), 'not known', 'warn'], [sum('passed'), 'passed', 'good'], [sum('advice'), 'advice', 'advice'], [sum('skipped'), 'not asked', 'quiet'], [silent, silent === 1 ? 'concern not checked' : 'concerns not checked', 'quiet']]
  const shown = parts.filter(([count]) => count > 0)
  if (shown.length === 0) return markup`<p class="legend">Nothing was asked.</p>`
  return markup`<div class="gauge" aria-hidden="true">${shown.map(([count, , tone]) => markup`<span data-tone="${tone}" style="flex-grow:${count}"></span>`)}</div>
  <ul class="legend" aria-label="Answers">${shown.map(([count, word, tone]) => markup`<li><span class="swatch" data-tone="${tone}" aria-hidden="true"></span><strong>${count}</strong> ${word}</li>`)}</ul>`
}

function facts({ source, place, against, startedAt, endedAt, seed, id }: Verification): (readonly [string, string | Markup])[] {
  const { commit, subject, branch, dirty } = source
  const what = commit === undefined ? markup`the working tree (no commit)` : markup`<code>${commit.slice(0, 7)}</code> ${subject}${dirty ? markup` <strong>with uncommitted changes</strong>` : undefined}`
  return [
    ['Source', what],
    ...(branch === undefined ? [] : [['Branch', branch] as const]),
    ['Held against', against === undefined ? 'nothing: no release was live' : `release ${against}, which was live`],
    ['Place', place],
    ['Begun', `${startedAt.slice(0, 19).replace('T', ' ')} UTC`],
    ['Took', endedAt === undefined ? 'goes on' : durationText(Date.parse(endedAt) - Date.parse(startedAt))],
    ['Seed', String(seed)],
    ['Verification', markup`<code>${id}</code>`],
  ]
}
