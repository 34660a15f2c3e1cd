import type { Channel, Delivery } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { channelLines, deliveryLines, testText } from './notify-text.ts'
import type { Painter } from './screen/painter.ts'

const plain: Painter = (_style, text) => text
const channel: Channel = { id: 'c1', name: 'ops\u001B[2J', app: '*', topics: ['release.live'], kind: 'slack', to: 'hooks.slack.com', on: false, closed: { at: '2026-11-27T12:00:00.000Z', why: 'it answered 410: \u001B]0;gone\u0007' }, createdAt: '2026-11-27T12:00:00.000Z', version: 2 }
const delivery: Delivery = { id: 'd1', channel: { id: 'c1', name: 'ops' }, app: 'shop', topic: 'release.live', headline: 'Release 4 of shop is live.', is: 'waiting', tries: 2, why: 'it answered 503', at: '2026-11-27T12:00:00.000Z', nextAt: '2026-11-27T12:05:00.000Z', endedAt: null }

test('a channel that is off says why, and what others have written moves no cursor', () => {
  const text = channelLines([channel], plain)
  expect(text).toContain('ops  off\n  slack to hooks.slack.com, of all apps: release.live  c1\n  It was switched off: it answered 410: ')
  expect(text).not.toMatch(/[\u001B\u0007]/) // oxlint-disable-line no-control-regex -- control characters are what is looked for
})

test('a message that waits says why, how often it was tried, and when it is again', () => {
  expect(deliveryLines([delivery], plain, Date.parse('2026-11-27T12:03:00.000Z'))).toMatch(/^waiting {6}3 min ago {5}ops: Release 4 of shop is live\.\n {2}it answered 503 \(2 tries\); next try at \d\d:05:00\n$/)
})

test('nobody is told that something arrived that did not', () => {
  expect(testText({ is: 'delivered', to: 'hooks.slack.com', why: null, tookMs: 120 })).toBe('hooks.slack.com took it, after 120 ms.\n')
  expect(testText({ is: 'undelivered', to: 'hooks.slack.com', why: 'it answered 404: no_service', tookMs: 120 })).toBe('hooks.slack.com did not take it: it answered 404: no_service.\n')
  expect(testText({ is: 'unsent', to: 'shop/storefront', why: 'There is no commit', tookMs: 0 })).toBe('Nothing was sent to shop/storefront. There is no commit\n')
})
