import { concernTitles, type Cause } from '@plimsoll/model'
import { oneLine } from '../report/visible-text.ts'
import { aboutText, type News } from './news.ts'

// Slack takes 150 characters in a header, 3,000 in a section, 50 blocks, and about 13,000 characters in all.
const headerLength = 150
const causeLength = 900
const shownCauses = 10

/** Block Kit for an incoming webhook, within its limits whatever was found; `text` is what a phone shows. */
export function slackMessage(news: News): object {
  const { headline, story, verification, link, turn } = news
  const causes = turn === 'recovered' ? [] : [...story.blocking, ...story.unknown]
  const more = causes.length - shownCauses
  const section = (text: string): object => ({ type: 'section', text: { type: 'mrkdwn', text } })
  return {
    text: slackText(headline, 1000),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(oneLine(headline), headerLength), emoji: false } },
      ...causes.slice(0, shownCauses).map((cause) => section(causeText(cause))),
      ...(more > 0 ? [section(`And ${more} more.`)] : []),
      ...(story.also.length === 0 ? [] : [section(slackText(story.also.join(' '), causeLength))]),
      ...(link === undefined ? [] : [section(`<${slackText(link, 2000).replaceAll('|', '%7C')}|The whole report>`)]),
      { type: 'context', elements: [{ type: 'mrkdwn', text: slackText(aboutText(verification), causeLength) }] },
    ],
  }
}

function causeText({ title, concern, verdicts: [verdict], notAsked }: Cause): string {
  const lines = [
    `*${concernTitles[concern]}: ${slackText(title, 200)}*`,
    slackText(verdict?.finding ?? '', 350),
    ...(verdict?.hint === undefined ? [] : [`→ ${slackText(verdict.hint, 200)}`]),
    ...(notAsked.length === 0 ? [] : [`${notAsked.length} not asked because of this`]),
  ]
  return lines.join('\n')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Text in which Slack finds no mention, link or style; at most `length` characters as they are sent. */
export function slackText(text: string, length: number): string {
  let safe = ''
  for (const character of oneLine(text)) {
    // A style mark between words begins nothing when another character of no width stands beside it.
    const next = entities[character] ?? (/[*_~`]/.test(character) ? `\u200B${character}\u200B` : character)
    if (safe.length + next.length > length - 1) return `${safe}…`
    safe += next
  }
  return safe
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${[...text].slice(0, length - 1).join('').slice(0, length - 1)}…`
}
