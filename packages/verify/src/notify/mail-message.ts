import { markup, type Markup } from '../report/markup.ts'
import { oneLine, shortened } from '../report/visible-text.ts'
import type { Channels } from './channels.ts'
import type { Message } from './message.ts'

const shownCauses = 20

/** A mail as nodemailer takes it. All mails about one thing are one thread, and each has one id, so that one that arrives twice is one. */
export function mailMessage(message: Message, { from, to }: Pick<NonNullable<Channels['email']>, 'from' | 'to'>): { readonly [key: string]: unknown; readonly subject: string; readonly text: string; readonly html: string } {
  const { headline, mail } = message
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const thread = `<${mail.thread}@${domain}>`
  return {
    from, to, subject: shortened(oneLine(headline), 200), text: plainText(message), html: htmlText(message).markup,
    messageId: `<${mail.id}@${domain}>`, inReplyTo: thread, references: thread,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}

function plainText({ headline, causes, causesInAll, also, link, about }: Message): string {
  const parts = [
    oneLine(headline),
    ...causes.slice(0, shownCauses).map(({ title, lines, notAsked }) => [
      title,
      ...lines.flatMap(({ service, text, hint, reproduce }) => [`  ${service === undefined ? '' : `${service}: `}${text}`, ...(hint === undefined ? [] : [`  -> ${hint}`]), ...(reproduce === undefined ? [] : [`  $ ${reproduce}`])]),
      ...(notAsked === 0 ? [] : [`  ${notAsked} not asked because of this`]),
    ].join('\n')),
    ...(causesInAll > shownCauses ? [`And ${causesInAll - shownCauses} more.`] : []),
    ...(also === undefined ? [] : [oneLine(also)]),
    ...(link === undefined ? [] : [`${link.label}: ${link.url}`]),
    about,
  ]
  return `${parts.join('\n\n')}\n`
}

const causeStyle = 'margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #b3281e'

function htmlText({ headline, causes, causesInAll, also, link, about }: Message): Markup {
  return markup`<!doctype html><html lang="en"><body style="font-family:sans-serif;line-height:1.5;max-width:44rem">
<h1 style="font-size:20px">${headline}</h1>
${causes.slice(0, shownCauses).map(({ title, lines, notAsked }) => markup`<div style="${causeStyle}"><p style="margin:0"><strong>${title}</strong></p>${lines.map(({ service, text, hint, reproduce }) => markup`<p style="margin:4px 0 0">${service === undefined ? undefined : markup`<strong>${service}</strong> `}${text}</p>${hint === undefined ? undefined : markup`<p style="margin:0">→ ${hint}</p>`}${reproduce === undefined ? undefined : markup`<p style="margin:0"><code>${reproduce}</code></p>`}`)}${notAsked === 0 ? undefined : markup`<p style="margin:4px 0 0">${notAsked} not asked because of this</p>`}</div>`)}
${causesInAll > shownCauses ? markup`<p>And ${causesInAll - shownCauses} more.</p>` : undefined}
${also === undefined ? undefined : markup`<p>${also}</p>`}
${link === undefined ? undefined : markup`<p><a href="${link.url}">${link.label}</a></p>`}
<p style="color:#5d6d75">${about}</p></body></html>`
}
