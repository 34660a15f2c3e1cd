import type { Clock } from '@plimsoll/engine'
import type { Notice, Verification } from '@plimsoll/model'
import type { Channels } from './channels.ts'
import type { ClosedReceivers } from './closed-receivers.ts'
import { commitStatus } from './commit-status.ts'
import { deliver, type Answer, type Delivery } from './deliver.ts'
import { mailMessage } from './mail-message.ts'
import type { News } from './news.ts'
import { post } from './post.ts'
import { sendMail } from './send-mail.ts'
import { signatureOf } from './signature.ts'
import { slackMessage } from './slack-message.ts'
import { webhookBody } from './webhook-body.ts'

export interface Means {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly closed: ClosedReceivers
}

/** Sends one message to one receiver, and says what came of it. */
export type Sender = (means: Means, signal: AbortSignal) => Promise<Notice>

export function slackSender({ urlFrom }: NonNullable<Channels['slack']>, news: News): Sender {
  const body = JSON.stringify(slackMessage(news))
  return (means, signal) => toAddress({ channel: 'slack', urlFrom }, means, (url) => posting(means, () => ({ url, headers: {}, body }), signal))
}

export function webhookSender({ urlFrom, secretFrom }: NonNullable<Channels['webhooks']>[number], news: News): Sender {
  const body = webhookBody(news)
  // One message has one id, however often it is sent; the time is that of the try.
  const id = `msg_${news.verification.id}_${news.turn}`
  return (means, signal) => toAddress({ channel: 'webhook', urlFrom }, means, (url) => {
    const secrets = means.environment[secretFrom]
    if (secrets === undefined || secrets === '') return unable(`${secretFrom} is not set`)
    if (signatureOf(secrets, { id, timestamp: 0, body }) === undefined) return unable(`${secretFrom} holds no secret: whsec_ and the Base64 of 24 to 64 bytes`)
    return posting(means, (now) => {
      const timestamp = Math.floor(now / 1000)
      return { url, headers: { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatureOf(secrets, { id, timestamp, body }) ?? '' }, body }
    }, signal)
  })
}

export function mailSender(email: NonNullable<Channels['email']>, news: News): Sender {
  const mail = mailMessage(news, email)
  return async ({ environment, clock }, signal) => {
    const named = { channel: 'email', to: email.to.join(', ') } as const
    const server = environment[email.serverFrom]
    if (server === undefined || server === '') return { ...named, ...unable(`${email.serverFrom} is not set`) }
    const protocol = URL.parse(server)?.protocol
    if (protocol !== 'smtp:' && protocol !== 'smtps:') return { ...named, ...unable(`${email.serverFrom} holds no address like smtp://user:password@host:587`) }
    return { ...named, ...(await deliver((until) => sendMail(server, mail, until), clock, signal)) }
  }
}

export function commitStatusSender(github: NonNullable<Channels['github']>, verification: Verification, link: string | undefined): Sender {
  const { commit, dirty } = verification.source
  const body = commitStatus(verification, github.context, link)
  return async (means, signal) => {
    const { environment } = means
    const repository = github.repository ?? environment['GITHUB_REPOSITORY']
    const named = { channel: 'github', to: repository ?? 'GitHub' } as const
    if (commit === undefined || dirty) return { ...named, is: 'unsent', tries: 0, why: commit === undefined ? 'there is no commit' : `what was verified is not ${commit.slice(0, 7)}: files differed from it` }
    const token = environment[github.tokenFrom]
    if (token === undefined || token === '') return { ...named, ...unable(`${github.tokenFrom} is not set`) }
    if (repository === undefined || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return { ...named, ...unable('no repository is named: notify.github.repository, or GITHUB_REPOSITORY') }
    const base = (github.apiUrl ?? environment['GITHUB_API_URL'] ?? 'https://api.github.com').replace(/\/+$/, '')
    const headers = { 'authorization': `Bearer ${token}`, 'accept': 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }
    return { ...named, ...(await posting(means, () => ({ url: `${base}/repos/${repository}/statuses/${commit}`, headers, body }), signal)) }
  }
}

/** What both webhooks share: an address that is a secret, and that may have been closed. */
async function toAddress({ channel, urlFrom }: { readonly channel: 'slack' | 'webhook'; readonly urlFrom: string }, { environment, clock, closed }: Means, send: (url: string) => Delivery | Promise<Delivery>): Promise<Notice> {
  const url = environment[urlFrom]
  if (url === undefined || url === '') return { channel, to: urlFrom, ...unable(`${urlFrom} is not set`) }
  const parsed = URL.parse(url)
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') return { channel, to: urlFrom, ...unable(`${urlFrom} holds no address`) }
  const named = { channel, to: parsed.host }
  const since = await closed.since(url)
  if (since !== undefined) return { ...named, is: 'closed', tries: 0, why: `it said on ${since} that it wants no more; to try again: ${closed.reopen}` }
  const delivery = await send(url)
  if (delivery.is !== 'closed') return { ...named, ...delivery }
  await closed.close(url, new Date(clock.now()).toISOString())
  return { ...named, ...delivery, why: `${delivery.why}. It gets no more; to try again: ${closed.reopen}` }
}

type LetterNow = (now: number) => Omit<Parameters<typeof post>[0], 'now'>

function posting({ clock }: Means, letter: LetterNow, signal: AbortSignal): Promise<Delivery> {
  return deliver((until): Promise<Answer> => {
    const now = clock.now()
    return post({ ...letter(now), now }, until)
  }, clock, signal)
}

function unable(why: string): Delivery {
  return { is: 'undelivered', tries: 0, why }
}
