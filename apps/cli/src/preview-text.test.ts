import { expect, test } from 'vitest'
import { previewText } from './preview-text.ts'

const plain = (_style: unknown, text: string): string => text

test('a preview names what the place cannot do, every change, and every request with its body', () => {
  const text = previewText({
    cannot: ['It switches one after the other'], changes: ['changes PORT of web'], left: ['KEY of web has no value'],
    requests: [{ method: 'PUT', path: '/services/srv-1/env-vars/PORT', body: { value: '(hidden)' } }, { method: 'POST', path: '/services/srv-1/deploys' }],
  }, plain)
  expect(text.split('\n').slice(0, 5)).toEqual([
    '  ! It switches one after the other', '  ~ it changes PORT of web', '  ! KEY of web has no value',
    '  PUT /services/srv-1/env-vars/PORT {"value":"(hidden)"}', '  POST /services/srv-1/deploys',
  ])
  expect(text).toContain('Nothing was sent')
})

test('a preview without a request says that all is as it is wanted', () => {
  expect(previewText({ cannot: [], changes: [], left: [], requests: [] }, plain)).toBe('Nothing would be sent: all is as it is wanted.\n')
})
