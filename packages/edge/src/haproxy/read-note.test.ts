import { expect, test } from 'vitest'
import { readNote } from './read-note.ts'

test('a note tells which unit answered, how, and to whom', () => {
  expect(readNote('shop/web@12 200 7 9 512 -- 0 127.0.0.1 127.0.0.1:4001 GET a-1 "/cart"')).toEqual({
    app: 'shop', service: 'web', release: 12, status: 200, answeredMs: 7, totalMs: 9, bytes: 512, whole: true, failures: 0,
    client: '127.0.0.1', upstream: '127.0.0.1:4001', method: 'GET', id: 'a-1', path: '/cart',
  })
})

test('a unit that refused, also when it was asked again, is counted each time', () => {
  expect(readNote('shop/web@1 503 -1 3004 217 SC 1 ::1 -:- GET a "/"')).toMatchObject({ status: 503, answeredMs: 3004, whole: false, failures: 2 })
  expect(readNote('shop/web@1 200 5 6 10 -- +1 ::1 127.0.0.1:4001 GET a "/"')).toMatchObject({ whole: true, failures: 1 })
})

test('a client that went away is no failure of the unit', () => {
  expect(readNote('shop/web@1 -1 -1 8 0 CH 0 ::1 127.0.0.1:4001 GET a "/"')).toMatchObject({ status: 0, whole: false, failures: 0 })
})

test('what HAProxy says about itself is no note', () => {
  expect(readNote('Server lane0/i0 is UP/READY (leaving forced maintenance).')).toBeUndefined()
})
