/** Tells people and programs that a verification ended otherwise than the one before it. */
import type { Notice, Verification } from '@plimsoll/model'
import { redacted } from '../report/redacted.ts'
import type { Channels } from './channels.ts'
import { turnOf, newsOf } from './news.ts'
import { commitStatusSender, mailSender, slackSender, webhookSender, type Means, type Sender } from './senders.ts'

export { channelsSchema, type Channels } from './channels.ts'
export { closedReceiversIn, type ClosedReceivers } from './closed-receivers.ts'
export { turnOf, type Turn } from './news.ts'

export interface Occasion {
  readonly channels: Channels
  readonly verification: Verification
  /** How the last one of this app ended that was not interrupted; undefined for the first. */
  readonly previous: Verification['state'] | undefined
  /** Where the report can be read by whoever is told. */
  readonly link?: string
}

export interface NotifyMeans extends Means {
  /** Takes known secrets out of a text. */
  readonly redact: (text: string) => string
}

/**
 * Tells every channel at the same time, each for a minute at most, and says of each what came of it, in the order of the settings. Slack, mail
 * and webhooks hear of a turn only: blocked, unsure, or recovered. A commit has its own status and gets it each time. Never throws: a message
 * that nobody gets changes no verdict. Its result belongs into the verification's `notices` and on the screen.
 */
export async function notify({ channels, verification, previous, link }: Occasion, { redact, ...means }: NotifyMeans, signal: AbortSignal): Promise<readonly Notice[]> {
  const clean = redacted(verification, redact)
  const turn = turnOf(previous, clean.state)
  const news = turn === undefined ? undefined : newsOf(clean, turn, link)
  const { slack, email, webhooks = [], github } = channels
  const senders: readonly (readonly [Notice['channel'], Sender])[] = [
    ...(slack !== undefined && news !== undefined ? [['slack', slackSender(slack, news)] as const] : []),
    ...(email !== undefined && news !== undefined ? [['email', mailSender(email, news)] as const] : []),
    ...(news === undefined ? [] : webhooks.map((webhook) => ['webhook', webhookSender(webhook, news)] as const)),
    ...(github === undefined ? [] : [['github', commitStatusSender(github, clean, link)] as const]),
  ]
  // A receiver's own words may hold what it was sent.
  const hidden = (text: string): string => redact(withoutValues(text, channels, means.environment))
  return Promise.all(senders.map(async ([channel, send]): Promise<Notice> => {
    try {
      const { why, ...notice } = await send(means, signal)
      return why === undefined ? notice : { ...notice, why: hidden(why) }
    } catch (error) {
      return { channel, to: channel, is: 'undelivered', tries: 0, why: hidden(error instanceof Error ? error.message : String(error)) }
    }
  }))
}

/** Takes the values of every variable that the channels name out of a text. */
function withoutValues(text: string, { slack, email, webhooks = [], github }: Channels, environment: Means['environment']): string {
  const names = [slack?.urlFrom, email?.serverFrom, github?.tokenFrom, ...webhooks.flatMap(({ urlFrom, secretFrom }) => [urlFrom, secretFrom])]
  const held = names.flatMap((name) => (name === undefined ? [] : (environment[name] ?? '').split(/\s+/)))
  const values = [...held, ...held.map((value) => decodeURIComponent(URL.parse(value)?.password ?? ''))].filter((value) => value.length >= 6)
  return values.reduce((clean, value) => clean.replaceAll(value, '[secret]'), text)
}
