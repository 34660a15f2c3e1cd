import { allSettled } from '@plimsoll/engine'
import type { Channel, Way } from '@plimsoll/model'
import type { DueDelivery, Occasion } from '@plimsoll/store'
import { answerMs, faultOf, messageSchema, tellWithin, whyNothing, type Answer } from '@plimsoll/verify/notify'
import type { Services } from '../services.ts'
import { newsOf } from './message-of.ts'
import { hidden, receiverOf } from './receiver-of.ts'

/** How often it is looked whether something has happened, or is due. */
const everyMs = 2_000
/** How long the pauses between tries are; the last one is repeated until the day is over. */
const pausesMs = [5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000]
/** For how long a message is tried. */
const dayMs = 24 * 60 * 60_000
const atOnce = 100
/** What has ended and is kept of each channel. */
const kept = 200

type Parts = Pick<Services, 'store' | 'clock' | 'console' | 'secrets'>

/** Sends what has happened to whom it is to be told, each message until it has arrived, was refused, or a day is over. */
export interface OutboxKeeper {
  /** One look: begins whatever is due. Resolves when that has come to something. */
  turn(signal: AbortSignal): Promise<void>
  /** Looks now and then until `signal` fires; returns when nothing is being sent any more. What was not told then is told after the next start. */
  keep(signal: AbortSignal): Promise<void>
}

export function createOutboxKeeper(parts: Parts, report: (error: unknown) => void): OutboxKeeper {
  /** Channel → what is being sent to it: one at a time, in the order in which it happened. A slow one holds up no other. */
  const busy = new Map<string, Promise<void>>()

  /** Gives what was begun. Not to be called while an earlier call has not returned: what is due is read once for each that sends it. */
  async function begin(signal: AbortSignal): Promise<readonly Promise<void>[]> {
    for (const occasion of await parts.store.outbox.occasions(atOnce)) await plan(parts, occasion)
    // Seen before what is due is read: what one of them sends in this moment is not read as due, or is not sent twice.
    const sendingNow = new Set(busy.keys())
    const due = await parts.store.outbox.due(now(parts), atOnce)
    const idle = [...Map.groupBy(due, ({ channel }) => channel)].filter(([channel]) => !sendingNow.has(channel))
    return idle.map(([channel, deliveries]) => {
      const sending = sendAll(parts, { channel, deliveries }, signal).finally(() => busy.delete(channel))
      busy.set(channel, sending)
      return sending
    })
  }

  return {
    async turn(signal) {
      await allSettled(await begin(signal))
      await parts.store.outbox.forget(kept)
    },
    async keep(signal) {
      let failing = false
      const tell = (error: unknown): void => {
        // What fails in a row is said once: the database is away, say.
        if (!failing && !signal.aborted) report(error)
        failing = true
      }
      while (!signal.aborted) {
        try {
          for (const sending of await begin(signal)) sending.catch(tell)
          await parts.store.outbox.forget(kept)
          failing = false
        } catch (error) {
          tell(error)
        }
        // The signal ends the wait, and the loop.
        await parts.clock.sleep(everyMs, signal).catch(() => undefined)
      }
      await Promise.allSettled(busy.values())
    },
  }
}

/** Settles who is told of an occasion, by the channels that there are now. */
async function plan({ store, ...parts }: Parts, occasion: Occasion): Promise<void> {
  const channels = (await store.channels.list()).filter(({ on, app }) => on && (app === '*' || app === occasion.app))
  const news = channels.length === 0 ? undefined : await newsOf({ store, ...parts }, occasion)
  const told = news === undefined ? [] : channels.filter(({ topics, kind }) => topics.includes(news.topic) && (!news.marksOnly || kind === 'github'))
  await store.outbox.plan(occasion, told.map(({ id }) => ({ id: `${news?.message.id}_${id}`, channel: id, topic: news?.topic ?? 'verification', message: news?.message ?? {} })), now(parts))
}

// oxlint-disable-next-line max-params -- a signal is the last parameter of everything that waits
async function sendAll(parts: Parts, { channel: id, deliveries }: { readonly channel: string; readonly deliveries: readonly DueDelivery[] }, signal: AbortSignal): Promise<void> {
  const found = await parts.store.channels.find(id)
  // Removed in this moment, and what waited for it too.
  if (found === undefined) return
  for (const delivery of deliveries) {
    if (signal.aborted) return
    if (!found.channel.on) return parts.store.outbox.drop(id, 'The channel is switched off', now(parts))
    const goesOn = await send(parts, { ...found, delivery }, signal)
    if (!goesOn) return
  }
}

interface Sending {
  readonly channel: Channel
  readonly way: Way
  readonly delivery: DueDelivery
}

/** Tries once, and writes down what came of it. False when the channel is to be left alone for now. */
async function send(parts: Parts, { channel, way, delivery }: Sending, signal: AbortSignal): Promise<boolean> {
  const { store: { outbox, channels }, clock } = parts
  const receiver = receiverOf(way)
  const message = messageSchema.parse(delivery.message)
  const nothing = whyNothing(receiver, message)
  const fault = faultOf(receiver)
  if (nothing !== undefined) {
    await outbox.settle(delivery.id, { is: 'unsent', tries: 0, why: nothing, at: now(parts) })
    return true
  }
  const answer: Answer = fault === undefined ? await tellWithin(receiver, message, { clock, ms: answerMs }, signal) : { is: 'refused', why: `${fault.part} ${fault.says}` }
  // Whether it has arrived is not known: it is sent again after the next start, under the same id.
  if (signal.aborted && answer.is !== 'taken') return false
  const tries = delivery.tries + 1
  const at = now(parts)
  if (answer.is === 'taken') {
    await outbox.settle(delivery.id, { is: 'delivered', tries, at })
    return true
  }
  const why = hidden(answer.why, way)
  if (answer.is === 'later') return putOff(parts, { channel, delivery, why, tries, afterMs: answer.afterMs ?? 0 })
  await outbox.settle(delivery.id, { is: 'undelivered', tries, why, at })
  if (answer.is === 'refused') return true
  await channels.close(channel.id, { at, why })
  await outbox.drop(channel.id, `The channel is switched off: ${why}`, at)
  return false
}

/** What a receiver cannot take now is tried again, as late as it asks; what comes after it waits no less. */
async function putOff({ store: { outbox }, clock }: Parts, { channel, delivery, why, tries, afterMs }: { readonly channel: Channel; readonly delivery: DueDelivery; readonly why: string; readonly tries: number; readonly afterMs: number }): Promise<false> {
  const at = clock.now()
  const next = at + Math.max(afterMs, pausesMs[Math.min(tries, pausesMs.length) - 1] ?? 0)
  const isTooLate = next > Date.parse(delivery.createdAt) + dayMs
  await outbox.settle(delivery.id, isTooLate
    ? { is: 'undelivered', tries, why: `${why}; it was tried for as long as a day allows`, at: new Date(at).toISOString() }
    : { is: 'waiting', tries, why, nextAt: new Date(next).toISOString() })
  if (afterMs > 0) await outbox.rest(channel.id, new Date(at + Math.min(afterMs, dayMs)).toISOString())
  return false
}

function now({ clock }: Pick<Parts, 'clock'>): string {
  return new Date(clock.now()).toISOString()
}
