import { expect, test } from 'vitest'
import { traceHeaders } from './traceparent.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const span = 'b7ad6b7169203331'

test('a traceparent is handed on as it is, also one of a version to come', () => {
  for (const value of [`00-${trace}-${span}-01`, `00-${trace}-${span}-00`, `01-${trace}-${span}-ff`]) expect(traceHeaders(value)).toEqual({ traceparent: value })
})

test.each([undefined, null, '', 'words', `00-${trace}-${span}`, `00-${trace.toUpperCase()}-${span}-01`, `ff-${trace}-${span}-01`, `00-${'0'.repeat(32)}-${span}-01`, `00-${trace}-${'0'.repeat(16)}-01`, `00-${trace}-${span}-01\r\nx: y`])('what is none is not handed on: %j', (value) => {
  expect(traceHeaders(value)).toEqual({})
})
