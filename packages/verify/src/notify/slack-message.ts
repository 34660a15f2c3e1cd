import { oneLine } from '../report/visible-text.ts'
import type { Message, MessageCause } from './message.ts'

// Slack takes 150 characters in a header, 3,000 in a section, 50 blocks, and about 13,000 characters in all.
const headerLength = 150
const causeLength = 900
const shownCauses = 10

/** Block Kit for an incoming webhook, within its limits whatever was found; `text` is what a phone shows. */
export function slackMessage({ headline, causes, causesInAll, also, link, about }: Message): object {
  const more = causesInAll - shownCauses
  const section = (text: string): object => ({ type: 'section', text: { type: 'mrkdwn', text } })
  return {
    text: slackText(headline, 1000),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(oneLine(headline), headerLength), emoji: false } },
      ...causes.slice(0, shownCauses).map((cause) => section(causeText(cause))),
      ...(more > 0 ? [section(`And ${more} more.`)] : []),
      ...(also === undefined ? [] : [section(slackText(also, causeLength))]),
      ...(link === undefined ? [] : [section(`<${slackText(link.url, 2000).replaceAll('|', '%7C')}|${slackText(link.label, 100)}>`)]),
      { type: 'context', elements: [{ type: 'mrkdwn', text: slackText(about, causeLength) }] },
    ],
  }
}

function causeText({ title, lines: [line], notAsked }: MessageCause): string {
  const lines = [
    `*${slackText(title, 240)}*`,
    slackText(line?.text ?? '', 350),
    ...(line?.hint === undefined ? [] : [`→ ${slackText(line.hint, 200)}`]),
    ...(notAsked === 0 ? [] : [`${notAsked} not asked because of this`]),
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
