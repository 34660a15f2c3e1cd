import { topics, type Channel, type Delivery, type TestAnswer } from '@plimsoll/model'
import { agoText } from './screen/durations.ts'
import type { Painter } from './screen/painter.ts'
import { printedLine } from './screen/printed-line.ts'

/** Who is told of what. Names and reasons come from elsewhere, and disturb no screen. */
export function channelLines(channels: readonly Channel[], paint: Painter): string {
  if (channels.length === 0) return 'Nobody is told. To tell somebody: plimsoll notify add slack --url-from SLACK_URL\n'
  return channels.map(({ id, name, kind, to, app, topics: chosen, on, closed }) => {
    const state = on ? paint('green', 'on') : paint('yellow', 'off')
    const why = closed === null ? '' : `\n  ${paint('yellow', `It was switched off: ${printedLine(closed.why, paint)}`)}`
    return `${paint('bold', printedLine(name, paint))}  ${state}\n  ${kind} to ${printedLine(to, paint)}, of ${app === '*' ? 'all apps' : app}: ${chosen.length === topics.length ? 'everything' : chosen.join(', ')}  ${paint('dim', id)}${why}\n`
  }).join('')
}

const colours: Readonly<Record<Delivery['is'], Parameters<Painter>[0]>> = { delivered: 'green', waiting: 'yellow', undelivered: 'red', unsent: 'dim' }

/** What became of the last messages. */
export function deliveryLines(deliveries: readonly Delivery[], paint: Painter, now = Date.now()): string {
  if (deliveries.length === 0) return 'Nothing was to be told yet.\n'
  return deliveries.map(({ at, is, channel, headline, tries, why, nextAt }) => {
    const reason = why === null ? '' : `\n  ${printedLine(why, paint)}${tries > 1 ? ` (${tries} tries)` : ''}${nextAt === null ? '' : `; next try at ${new Date(nextAt).toLocaleTimeString('en-GB')}`}`
    return `${paint(colours[is], is.padEnd(11))}  ${agoText(at, now).padEnd(12)}  ${printedLine(channel.name, paint)}: ${printedLine(headline, paint)}${reason}\n`
  }).join('')
}

/** What the receiver of a test has answered. */
export function testText({ is, to, why, tookMs }: TestAnswer): string {
  if (is === 'delivered') return `${to} took it, after ${tookMs} ms.\n`
  return is === 'unsent' ? `Nothing was sent to ${to}. ${why ?? ''}\n` : `${to} did not take it: ${why ?? 'it did not say why'}.\n`
}
