import { expect, test } from 'vitest'
import { serverIn } from './server-in.ts'

test('that of this machine is meant unless another one is named', () => {
  expect(serverIn({}, {})).toBeUndefined()
  expect(serverIn({}, { PLIMSOLL_SERVER: '', PLIMSOLL_TOKEN: 't' })).toBeUndefined()
})

test('what the command says counts more than its environment', () => {
  const environment = { PLIMSOLL_SERVER: 'https://one.example', PLIMSOLL_TOKEN: 'one' }
  expect(serverIn({}, environment)).toEqual({ url: 'https://one.example/', token: 'one' })
  expect(serverIn({ server: 'http://127.0.0.1:4070', token: 'two' }, environment)).toEqual({ url: 'http://127.0.0.1:4070/', token: 'two' })
})

test.each([
  [{ token: 't' }, /is for a Plimsoll that --server names/],
  [{ server: 'nowhere', token: 't' }, /is no address/],
  [{ server: 'ftp://x', token: 't' }, /is no address/],
  [{ server: 'https://x.example' }, /without a token/],
  [{ server: 'http://x.example', token: 't' }, /in the clear/],
])('what cannot be asked is refused before anything is sent: %j', (chosen, why) => {
  expect(() => serverIn(chosen, {})).toThrow(why)
})
