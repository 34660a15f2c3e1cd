import { expect, test } from 'vitest'
import { originsBehind } from './client-origin.ts'

const forwarded = { headers: { 'x-forwarded-for': '6.6.6.6, 9.9.9.9, 10.1.2.3', 'x-forwarded-proto': 'https' } }

test('nobody is believed by default, not even on this machine', () => {
  expect(originsBehind([])(forwarded, '127.0.0.1')).toEqual({ address: '127.0.0.1', proto: 'http' })
  expect(originsBehind([])(forwarded, '::ffff:127.0.0.1')).toEqual({ address: '127.0.0.1', proto: 'http' })
  expect(originsBehind([])(forwarded, undefined)).toEqual({ address: 'unknown', proto: 'http' })
})

test('behind trusted proxies the client is the last address that is none of them, whatever stands before it', () => {
  const originOf = originsBehind(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'])
  expect(originOf(forwarded, '127.0.0.1')).toEqual({ address: '9.9.9.9', proto: 'https' })
  expect(originOf(forwarded, '::ffff:10.200.0.1')).toEqual({ address: '9.9.9.9', proto: 'https' })
  expect(originOf(forwarded, 'fd00::1')).toEqual({ address: '9.9.9.9', proto: 'https' })
  expect(originOf(forwarded, '11.0.0.1')).toEqual({ address: '11.0.0.1', proto: 'http' })
})

test('a Unix socket is trusted when it is named', () => {
  expect(originsBehind(['unix'])(forwarded, undefined)).toEqual({ address: '10.1.2.3', proto: 'https' })
  expect(originsBehind(['127.0.0.1'])(forwarded, undefined)).toEqual({ address: 'unknown', proto: 'http' })
})

test.each([[undefined], [''], ['nonsense'], ['6.6.6.6, unknown'], ['6.6.6.6, <script>'], ['6.6.6.6,']])('an X-Forwarded-For of %j leads no further than the proxy', (value) => {
  expect(originsBehind(['127.0.0.1'])({ headers: { 'x-forwarded-for': value } }, '127.0.0.1').address).toBe('127.0.0.1')
})

test.each(['http', 'HTTPS', 'https, http', 'ws', ''])('the protocol %j of a trusted proxy is not https', (value) => {
  expect(originsBehind(['127.0.0.1'])({ headers: { 'x-forwarded-proto': value } }, '127.0.0.1').proto).toBe('http')
})
