import { randomBytes } from 'node:crypto'
import { appNameSchema, PlimsollError, type AppName } from '@plimsoll/model'
import type { Services } from '../services.ts'
import type { HookKeeper } from './keep-hooks.ts'
import { readEvent, type ReadEvent } from './read-event.ts'
import { isSignedBy } from './signature.ts'

/** What GitHub has sent, as it came. */
export interface SentEvent {
  readonly app: string
  readonly body: Uint8Array
  readonly signature: string | undefined
  readonly event: string | undefined
  readonly delivery: string | undefined
}

/** An event that is known to come from who knows the secret. */
export interface KnownEvent extends ReadEvent {
  readonly app: AppName
  readonly event: string
  readonly delivery: string
}

/** For an app that has no hook, so that it takes as long to say no. */
const nobodysSecret = randomBytes(32).toString('hex')

/** Throws `UNAUTHORIZED` for what is not signed with the app's secret, and for an app that has none; `USAGE` for what is signed and not understood. */
export async function knowEvent({ store }: Pick<Services, 'store'>, { app, body, signature, event, delivery }: SentEvent): Promise<KnownEvent> {
  const name = appNameSchema.safeParse(app).data
  const kept = name === undefined ? undefined : await store.hooks.find(name)
  const isRight = isSignedBy(kept?.secret ?? nobodysSecret, body, signature)
  if (name === undefined || kept === undefined || !isRight) throw new PlimsollError('UNAUTHORIZED', 'The signature is missing, or was not made with the secret of this app’s hook', { hint: 'At GitHub the secret is that which was shown when it was made. To make another one, settle it anew.' })
  if (event === undefined || !/^[0-9a-z_]{1,60}$/.test(event)) throw new PlimsollError('USAGE', 'X-GitHub-Event does not name an event')
  if (delivery === undefined || !/^[0-9A-Za-z-]{8,100}$/.test(delivery)) throw new PlimsollError('USAGE', 'X-GitHub-Delivery does not number the delivery')
  const read = readEvent(kept.hook, event, parsed(body))
  if (read === undefined) throw new PlimsollError('USAGE', `This is not what GitHub sends as ${event}`)
  return { app: name, event, delivery, ...read }
}

/** Writes it down and answers; what is to be done is done afterwards. What is sent again does nothing. */
export async function takeEvent({ store, clock }: Pick<Services, 'store' | 'clock'>, hooks: Pick<HookKeeper, 'nudge'>, { app, ...event }: KnownEvent): Promise<{ readonly is: 'waiting' | 'ignored'; readonly why: string | null }> {
  if (!(await store.hooks.note(app, { ...event, at: new Date(clock.now()).toISOString() }))) return { is: 'ignored', why: 'it is known already, and nothing is done twice' }
  if (event.task === undefined) return { is: 'ignored', why: event.why ?? null }
  hooks.nudge(app, event.task)
  return { is: 'waiting', why: null }
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch (cause) {
    throw new PlimsollError('USAGE', 'This is no JSON', { hint: 'At GitHub, the content type of the webhook is application/json.', cause })
  }
}
