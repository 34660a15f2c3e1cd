import { randomBytes } from 'node:crypto'
import { PlimsollError, type Channel, type ChannelChange, type MadeChannel, type NewChannel, type TestAnswer, type Way } from '@plimsoll/model'
import { answerMs, faultOf, shownAs, tellWithin, whyNothing, type Message } from '@plimsoll/verify/notify'
import { newId } from '../access/secrets.ts'
import type { Services } from '../services.ts'
import { hidden, receiverOf } from './receiver-of.ts'

type Parts = Pick<Services, 'store' | 'clock'>

/** Keeps a channel. The secret of a webhook that brings none is made, and told this once. Throws `USAGE` for one that could never be reached. */
export async function addChannel({ store, clock }: Parts, { way: given, ...rest }: NewChannel): Promise<MadeChannel> {
  const { made, ...reached } = settled(given)
  const channel = await store.channels.add({ id: newId(), ...rest, ...reached, at: new Date(clock.now()).toISOString() })
  return { ...channel, ...(made !== undefined && { secret: made }) }
}

/** Throws `NOT_FOUND`, `CHANGED_MEANWHILE`, `USAGE`. */
export async function changeChannel({ store }: Parts, id: string, { version, way, ...change }: ChannelChange): Promise<MadeChannel> {
  const { made, ...reached } = way === undefined ? { made: undefined } : settled(way)
  const channel = await store.channels.change({ id, version }, { ...change, ...('way' in reached && { reached }) })
  if (channel === undefined) throw unknown(id)
  return { ...channel, ...(made !== undefined && { secret: made }) }
}

/** Throws `NOT_FOUND`. */
export async function removeChannel({ store }: Parts, id: string): Promise<void> {
  if (!(await store.channels.remove(id))) throw unknown(id)
}

/** Sends a message that says that it is a test, once, also where the channel is off. Throws `NOT_FOUND`. */
export async function testChannel({ store, clock }: Parts, id: string, signal: AbortSignal): Promise<TestAnswer> {
  const found = await store.channels.find(id)
  if (found === undefined) throw unknown(id)
  const began = clock.now()
  const { is, why } = await answerTo(found, clock, signal)
  return { is, to: found.channel.to, why: why === undefined ? null : hidden(why, found.way), tookMs: Math.max(0, Math.round(clock.now() - began)) }
}

async function answerTo({ channel, way }: { readonly channel: Channel; readonly way: Way }, clock: Services['clock'], signal: AbortSignal): Promise<{ readonly is: TestAnswer['is']; readonly why?: string }> {
  const receiver = receiverOf(way)
  const message = testMessage(channel, clock.now())
  const nothing = whyNothing(receiver, message)
  if (nothing !== undefined) return { is: 'unsent', why: `A status stands at a commit, and a test is about none: ${nothing}` }
  const answer = await tellWithin(receiver, message, { clock, ms: answerMs }, signal)
  return answer.is === 'taken' ? { is: 'delivered' } : { is: 'undelivered', why: answer.why }
}

function testMessage({ id, name, app }: Channel, now: number): Message {
  const unique = `${id}_${now.toString(36)}${randomBytes(3).toString('hex')}`
  return {
    id: `msg_test_${unique}`, type: 'test', at: new Date(now).toISOString(), headline: `This is a test of the channel “${name}”.`,
    causes: [], causesInAll: 0, about: `Sent by Plimsoll; it tells of ${app === '*' ? 'all apps' : app}`,
    mail: { thread: `test.${id}`, id: `test.${unique}` }, data: { channel: id, name, app },
  }
}

/** A way as it is kept: nothing is missing in it, and it may work. */
function settled(given: Way): { readonly way: Way; readonly to: string; readonly made: string | undefined } {
  const made = given.kind === 'webhook' && given.secret === undefined ? `whsec_${randomBytes(32).toString('base64')}` : undefined
  const way = given.kind === 'webhook' ? { ...given, secret: given.secret ?? made } : given
  const receiver = receiverOf(way)
  const fault = faultOf(receiver)
  if (fault !== undefined) throw new PlimsollError('USAGE', `This channel could never be reached: ${fault.part} ${fault.says}`)
  return { way, to: shownAs(receiver), made }
}

function unknown(id: string): PlimsollError {
  return new PlimsollError('NOT_FOUND', `There is no channel ${id}`, { hint: 'See which there are: plimsoll notify list' })
}
