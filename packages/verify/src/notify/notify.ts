/** Tells people and programs what happened, each in the form of their channel. */
import type { Clock } from '@plimsoll/engine'
import type { Notice, Verification } from '@plimsoll/model'
import { redacted } from '../report/redacted.ts'
import type { Channels } from './channels.ts'
import type { ClosedReceivers } from './closed-receivers.ts'
import { deliver } from './deliver.ts'
import type { Message } from './message.ts'
import { faultOf, shownAs, tell, whyNothing } from './receiver.ts'
import { receiversIn, type NamedReceiver } from './receivers-in.ts'
import { turnOf, verificationMessage } from './verification-message.ts'

export { channelsSchema, type Channels } from './channels.ts'
export { closedReceiversIn, type ClosedReceivers } from './closed-receivers.ts'
export { answerMs, type Answer } from './deliver.ts'
export { causeWith, messageSchema, type Message, type MessageCause } from './message.ts'
export { faultOf, shownAs, tellWithin, whyNothing, type Receiver } from './receiver.ts'
export { publicGithub } from './receivers-in.ts'
export { turnOf, verificationMessage } from './verification-message.ts'

export interface Occasion {
  readonly channels: Channels
  readonly verification: Verification
  /** How the last one of this app ended that was not interrupted; undefined for the first. */
  readonly previous: Verification['state'] | undefined
  /** Where the report can be read by whoever is told. */
  readonly link?: string
}

export interface NotifyMeans {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly closed: ClosedReceivers
  /** Takes known secrets out of a text. */
  readonly redact: (text: string) => string
}

/**
 * Tells every channel at the same time, each for a minute at most, and says of each what came of it, in the order of the settings. Slack, mail
 * and webhooks hear of a turn only: blocked, unsure, or recovered. A commit has its own status and gets it each time. Never throws: a message
 * that nobody gets changes no verdict. Its result belongs into the verification's `notices` and on the screen.
 */
export async function notify({ channels, verification, previous, link }: Occasion, means: NotifyMeans, signal: AbortSignal): Promise<readonly Notice[]> {
  const clean = redacted(verification, means.redact)
  const turn = turnOf(previous, clean.state)
  const message = verificationMessage(clean, turn, link)
  const asked = receiversIn(channels, means.environment).filter(({ channel }) => turn !== undefined || channel === 'github')
  // A receiver's own words may hold what it was sent.
  const hidden = (text: string): string => means.redact(withoutValues(text, channels, means.environment))
  return Promise.all(asked.map(async (named): Promise<Notice> => {
    try {
      const { why, ...notice } = await send(named, message, means, signal)
      return why === undefined ? notice : { ...notice, why: hidden(why) }
    } catch (error) {
      return { channel: named.channel, to: named.channel, is: 'undelivered', tries: 0, why: hidden(error instanceof Error ? error.message : String(error)) }
    }
  }))
}

// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function send({ channel, called, receiver, variables }: NamedReceiver, message: Message, { clock, closed }: NotifyMeans, signal: AbortSignal): Promise<Notice> {
  const nothing = whyNothing({ channel }, message)
  if (nothing !== undefined) return { channel, to: called, is: 'unsent', tries: 0, why: nothing }
  if ('missing' in receiver) return { channel, to: called, is: 'undelivered', tries: 0, why: receiver.missing }
  const fault = faultOf(receiver)
  if (fault !== undefined) return { channel, to: called, is: 'undelivered', tries: 0, why: `${variables[fault.part] ?? fault.part} ${fault.says}` }
  const named = { channel, to: shownAs(receiver) }
  const url = 'url' in receiver ? receiver.url : undefined
  const since = url === undefined ? undefined : await closed.since(url)
  if (since !== undefined) return { ...named, is: 'closed', tries: 0, why: `it said on ${since} that it wants no more; to try again: ${closed.reopen}` }
  const delivery = await deliver((until) => tell(receiver, message, clock.now(), until), clock, signal)
  if (delivery.is !== 'closed' || url === undefined) return { ...named, ...delivery }
  await closed.close(url, new Date(clock.now()).toISOString())
  return { ...named, ...delivery, why: `${delivery.why}. It gets no more; to try again: ${closed.reopen}` }
}

/** Takes the values of every variable that the channels name out of a text. */
function withoutValues(text: string, { slack, email, webhooks = [], github }: Channels, environment: NotifyMeans['environment']): string {
  const names = [slack?.urlFrom, email?.serverFrom, github?.tokenFrom, ...webhooks.flatMap(({ urlFrom, secretFrom }) => [urlFrom, secretFrom])]
  return withoutSecrets(text, names.map((name) => (name === undefined ? '' : (environment[name] ?? ''))))
}

/** Takes secrets out of a text: each as a whole, the words of it, and the password of one that is an address. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const held = secrets.flatMap((secret) => secret.split(/\s+/))
  const values = [...held, ...held.map((value) => decodeURIComponent(URL.parse(value)?.password ?? ''))].filter((value) => value.length >= 6)
  return values.reduce((clean, value) => clean.replaceAll(value, '[secret]'), text)
}
