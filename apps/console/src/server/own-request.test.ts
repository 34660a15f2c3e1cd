import { describe, expect, test } from 'vitest'
import { isOwnRequest, namesThisMachine } from './own-request.ts'

const head = (fields: Record<string, string>) => new Headers(fields)

describe('a request is let in', () => {
  test.each(['localhost:7718', '127.0.0.1:7718', '[::1]:7718', 'console.localhost', 'a.b.localhost:80', 'LOCALHOST'])('under a name of this machine: %s', (host) => {
    expect(namesThisMachine(head({ host }))).toBe(true)
  })

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil-localhost', '0.0.0.0', '192.168.1.5:7718', '.localhost', '127.0.0.1:7718@evil.example', ''])('under no other: %s', (host) => {
    expect(namesThisMachine(head({ host }))).toBe(false)
  })
})

describe('a request is taken for the console’s own', () => {
  test('when a page of the same address made it, or a person typed it, or no browser did', () => {
    expect(isOwnRequest(head({ host: 'localhost:7718', origin: 'http://localhost:7718', 'sec-fetch-site': 'same-origin' }))).toBe(true)
    expect(isOwnRequest(head({ host: 'localhost:7718', 'sec-fetch-site': 'none' }))).toBe(true)
    expect(isOwnRequest(head({ host: 'localhost:7718' }))).toBe(true)
  })

  test.each([
    [{ origin: 'http://localhost:7701' }],
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'cross-site' }],
  ])('but never when another page did, not even one of this machine: %j', (fields) => {
    expect(isOwnRequest(head({ host: 'localhost:7718', ...fields } as Record<string, string>))).toBe(false)
  })
})
