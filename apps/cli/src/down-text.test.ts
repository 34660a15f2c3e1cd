import type { AppName } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { downText } from './down-text.ts'

const plain = (_style: unknown, text: string): string => text
const shop = { app: 'shop' as AppName, wasLive: true, stopped: 3, dataDestroyed: false }
const nothing = { ...shop, wasLive: false, stopped: 0 }
const everything = 'Plimsoll stopped, and with it the edge, the database server and the key-value services.'

test('each app is told with what was ended, and what became of the rest', () => {
  expect(downText({ apps: [shop, { ...shop, app: 'blog' as AppName, stopped: 1 }], plimsoll: 'stopped', runsOnFor: [] }, plain))
    .toBe(`✓ shop is down: 3 instances stopped.\n✓ blog is down: 1 instance stopped.\n${everything} Data is kept.\n`)
})

test('an app that was down already is not told as stopped', () => {
  expect(downText({ apps: [nothing], plimsoll: 'stopped', runsOnFor: [] }, plain)).toBe(`No app was up. ${everything}\n`)
})

test('what runs on is named, with those for whom', () => {
  expect(downText({ apps: [shop], plimsoll: 'runs on', runsOnFor: ['blog', 'wiki'] }, plain)).toBe('✓ shop is down: 3 instances stopped.\nPlimsoll runs on for blog, wiki. Data is kept.\n')
})

test('that data was dropped is said, also of an app that was down', () => {
  const text = downText({ apps: [{ ...nothing, dataDestroyed: true }], plimsoll: 'stopped', runsOnFor: [] }, plain)
  expect(text).toContain('shop was down already; its databases and key-value data are dropped.')
  expect(text).not.toContain('kept')
})

test('an app that could not be taken down is told with its problem', () => {
  const text = downText({ apps: [{ ...nothing, problem: { code: 'EDGE_DOWN', message: 'The edge does not answer' } }], plimsoll: 'stopped', runsOnFor: [] }, plain)
  expect(text).toContain('✗ The edge does not answer [EDGE_DOWN]\n  shop was not taken down.')
})
