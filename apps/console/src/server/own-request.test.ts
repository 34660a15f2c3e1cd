import { describe, expect, test } from 'vitest'
import { isOwnRequest, namesTheConsole } from './own-request.ts'

const head = (fields: Record<string, string>) => new Headers(fields)

describe('a request is let in', () => {
  test.each(['localhost:7718', '127.0.0.1:7718', '[::1]:7718', 'console.localhost', 'a.b.localhost:80', 'LOCALHOST'])('under a name of this machine: %s', (host) => {
    expect(namesTheConsole(head({ host }))).toBe(true)
  })

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil-localhost', '0.0.0.0', '192.168.1.5:7718', '.localhost', '127.0.0.1:7718@evil.example', ''])('under no other: %s', (host) => {
    expect(namesTheConsole(head({ host }))).toBe(false)
  })
})

test('under the address that the console is known by, and under no other of that domain', () => {
  const known = 'https://plimsoll.example.com'
  expect(namesTheConsole(head({ host: 'plimsoll.example.com' }), known)).toBe(true)
  expect(namesTheConsole(head({ host: 'other.example.com' }), known)).toBe(false)
  expect(isOwnRequest(head({ host: 'plimsoll.example.com', origin: 'https://plimsoll.example.com' }), known)).toBe(true)
  expect(isOwnRequest(head({ host: 'plimsoll.example.com', origin: 'https://other.example.com' }), known)).toBe(false)
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
