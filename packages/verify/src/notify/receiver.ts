import { repositorySchema } from '@plimsoll/model'
import { answerWithin, type Answer } from './deliver.ts'
import { commitStatus } from './commit-status.ts'
import { mailMessage } from './mail-message.ts'
import type { Message } from './message.ts'
import { post, type Letter } from './post.ts'
import { sendMail } from './send-mail.ts'
import { signatureOf } from './signature.ts'
import { slackMessage } from './slack-message.ts'
import { webhookBody } from './webhook-body.ts'

/** Whom a message goes to, with all that is needed to reach them. */
export type Receiver =
  | { readonly channel: 'slack'; readonly url: string }
  /** `secret`: one, or while it is changed both with a space between. */
  | { readonly channel: 'webhook'; readonly url: string; readonly secret: string }
  | { readonly channel: 'email'; readonly server: string; readonly from: string; readonly to: string[] }
  | { readonly channel: 'github'; readonly token: string; readonly repository: string; readonly apiUrl: string; readonly context?: string | undefined }

/** What of a receiver cannot be right, whatever is tried. */
export interface ReceiverFault {
  readonly part: 'url' | 'secret' | 'server' | 'repository' | 'token'
  readonly says: string
}

const checks: { readonly [Kind in Receiver['channel']]: (receiver: Extract<Receiver, { channel: Kind }>) => ReceiverFault | undefined } = {
  slack: ({ url }) => addressFault(url),
  webhook: ({ url, secret }) => addressFault(url) ?? (signatureOf(secret, { id: '', timestamp: 0, body: '' }) === undefined ? { part: 'secret', says: 'holds no secret: whsec_ and the Base64 of 24 to 64 bytes' } : undefined),
  email: ({ server }) => (['smtp:', 'smtps:'].includes(URL.parse(server)?.protocol ?? '') ? undefined : { part: 'server', says: 'holds no address like smtp://user:password@host:587' }),
  github: ({ repository, token }) => (repositorySchema.safeParse(repository).success ? (token === '' ? { part: 'token', says: 'holds nothing' } : undefined) : { part: 'repository', says: 'must be owner/name' }),
}

export function faultOf(receiver: Receiver): ReceiverFault | undefined {
  return (checks[receiver.channel] as (receiver: Receiver) => ReceiverFault | undefined)(receiver)
}

/** Who that is, for people: nothing of it is secret. */
export function shownAs(receiver: Receiver): string {
  if (receiver.channel === 'email') return receiver.to.join(', ')
  return receiver.channel === 'github' ? receiver.repository : new URL(receiver.url).host
}

/** Why there is nothing that this receiver could be told; undefined where there is. */
export function whyNothing({ channel }: Pick<Receiver, 'channel'>, { status }: Message): string | undefined {
  if (channel !== 'github') return undefined
  if (status?.commit === undefined) return 'there is no commit'
  return status.dirty ? `what was ${status.was} is not ${status.commit.slice(0, 7)}: files differed from it` : undefined
}

/** Sends it once, and says what the receiver answered. Throws where there was no answer at all. Neither {@link faultOf} nor {@link whyNothing} may have anything to say. */
export function tell(receiver: Receiver, message: Message, now: number, signal: AbortSignal): Promise<Answer> { // oxlint-disable-line max-params -- a signal is the last parameter of everything that waits
  if (receiver.channel === 'email') return sendMail(receiver.server, mailMessage(message, receiver), signal)
  return post({ ...letterTo(receiver, message, now), now }, signal)
}

/** As {@link tell}, within `ms`, and what kept it from an answer is an answer too. */
export function tellWithin(receiver: Receiver, message: Message, { clock, ms }: Parameters<typeof answerWithin>[1], signal: AbortSignal): Promise<Answer> { // oxlint-disable-line max-params -- as above
  return answerWithin((until) => tell(receiver, message, clock.now(), until), { clock, ms }, signal)
}

function letterTo(receiver: Exclude<Receiver, { channel: 'email' }>, message: Message, now: number): Omit<Letter, 'now'> {
  if (receiver.channel === 'slack') return { url: receiver.url, headers: {}, body: JSON.stringify(slackMessage(message)) }
  if (receiver.channel === 'github') {
    const { apiUrl, repository, token, context } = receiver
    const headers = { 'authorization': `Bearer ${token}`, 'accept': 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }
    return { url: `${apiUrl.replace(/\/+$/, '')}/repos/${repository}/statuses/${message.status?.commit ?? ''}`, headers, body: commitStatus(message, context) }
  }
  // One message has one id, however often it is sent; the time is that of the try.
  const { id } = message
  const [body, timestamp] = [webhookBody(message), Math.floor(now / 1000)]
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatureOf(receiver.secret, { id, timestamp, body }) ?? '' }
  return { url: receiver.url, headers, body }
}

function addressFault(url: string): ReceiverFault | undefined {
  return ['https:', 'http:'].includes(URL.parse(url)?.protocol ?? '') ? undefined : { part: 'url', says: 'holds no address' }
}
