import { expect, test } from 'vitest'
import { line } from '../../test/storefront.ts'
import { beginLogs, withLogEvent, type LogBufferEvent } from './log-buffer.ts'

const told = (...events: LogBufferEvent[]) => events.reduce(withLogEvent, beginLogs())
const printed = (text: string): LogBufferEvent => ({ event: 'line', data: line('web', text) })

test('stands still while it is paused, counts what came, and shows all of it afterwards', () => {
  const paused = told({ event: 'open' }, printed('a'), { event: 'pause' }, printed('b'), printed('c'))
  expect([paused.shown.map(({ text }) => text), paused.held]).toEqual([['a'], 2])
  expect(withLogEvent(paused, { event: 'follow' }).shown.map(({ text }) => text)).toEqual(['a', 'b', 'c'])
})

test('begins anew with a new connection, which tells the last lines again', () => {
  expect(told({ event: 'open' }, printed('a'), { event: 'lost' }, { event: 'open' }, printed('a')).shown).toHaveLength(1)
})

test('keeps only the newest lines', () => {
  const many = Array.from({ length: 1200 }, (_, i) => printed(String(i)))
  const { shown } = told(...many)
  expect([shown.length, shown.at(-1)?.text]).toEqual([1000, '1199'])
})
