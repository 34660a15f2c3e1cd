import { concernTitles, type Cause } from '@plimsoll/model'
import { markup, type Markup } from '../report/markup.ts'
import { oneLine, shortened } from '../report/visible-text.ts'
import type { Channels } from './channels.ts'
import { aboutText, type News } from './news.ts'

const shownCauses = 20

/** A mail as nodemailer takes it. All mails about one app are one thread, and each has one id, so that one that arrives twice is one. */
export function mailMessage(news: News, { from, to }: Pick<NonNullable<Channels['email']>, 'from' | 'to'>): { readonly [key: string]: unknown; readonly subject: string; readonly text: string; readonly html: string } {
  const { verification: { app, id } } = news
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const thread = `<verify.${app}@${domain}>`
  return {
    from, to, subject: shortened(oneLine(news.headline), 200), text: plainText(news), html: htmlText(news).markup,
    messageId: `<verify.${app}.${id}@${domain}>`, inReplyTo: thread, references: thread,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}

function causesIn({ turn, story }: News): readonly Cause[] {
  return turn === 'recovered' ? [] : [...story.blocking, ...story.unknown]
}

function plainText(news: News): string {
  const causes = causesIn(news)
  const parts = [
    oneLine(news.headline),
    ...causes.slice(0, shownCauses).map(({ title, concern, verdicts, notAsked }) => [
      `${concernTitles[concern]}: ${oneLine(title)}`,
      ...verdicts.slice(0, 5).flatMap(({ service, finding, hint, reproduce }) => [`  ${service === undefined ? '' : `${oneLine(service)}: `}${oneLine(finding)}`, ...(hint === undefined ? [] : [`  -> ${oneLine(hint)}`]), ...(reproduce === undefined ? [] : [`  $ ${oneLine(reproduce)}`])]),
      ...(notAsked.length === 0 ? [] : [`  ${notAsked.length} not asked because of this`]),
    ].join('\n')),
    ...(causes.length > shownCauses ? [`And ${causes.length - shownCauses} more.`] : []),
    ...(news.story.also.length === 0 ? [] : [oneLine(news.story.also.join(' '))]),
    ...(news.link === undefined ? [] : [`The whole report: ${news.link}`]),
    aboutText(news.verification),
  ]
  return `${parts.join('\n\n')}\n`
}

const causeStyle = 'margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #b3281e'

function htmlText(news: News): Markup {
  const causes = causesIn(news)
  return markup`<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.5;max-width:44rem">
<h1 style="font-size:20px">${news.headline}</h1>
${causes.slice(0, shownCauses).map(({ title, concern, verdicts, notAsked }) => markup`<div style="${causeStyle}"><p style="margin:0"><strong>${concernTitles[concern]}: ${title}</strong></p>${verdicts.slice(0, 5).map(({ service, finding, hint, reproduce }) => markup`<p style="margin:4px 0 0">${service === undefined ? undefined : markup`<strong>${service}</strong> `}${finding}</p>${hint === undefined ? undefined : markup`<p style="margin:0">→ ${hint}</p>`}${reproduce === undefined ? undefined : markup`<p style="margin:0"><code>${reproduce}</code></p>`}`)}${notAsked.length === 0 ? undefined : markup`<p style="margin:4px 0 0">${notAsked.length} not asked because of this</p>`}</div>`)}
${causes.length > shownCauses ? markup`<p>And ${causes.length - shownCauses} more.</p>` : undefined}
${news.story.also.length === 0 ? undefined : markup`<p>${news.story.also.join(' ')}</p>`}
${news.link === undefined ? undefined : markup`<p><a href="${news.link}">The whole report</a></p>`}
<p style="color:#5d6d75">${aboutText(news.verification)}</p></body></html>`
}
