import { expect, test } from 'vitest'
import { assertLoopback } from './load-target.ts'

test.each(['http://127.0.0.1:3000', 'http://localhost:1', 'http://web.localhost:8080', 'http://[::1]:5', 'https://127.0.0.1', 'https://web.localhost:8443'])('%s is this machine', (url) => {
  expect(() => assertLoopback(new URL(url))).not.toThrow()
})

test.each(['http://example.com', 'ftp://127.0.0.1', 'https://example.com', 'http://10.0.0.1', 'http://localhost.example.com', 'http://127.0.0.1.example.com'])('%s gets no load', (url) => {
  expect(() => assertLoopback(new URL(url))).toThrow(expect.objectContaining({ code: 'USAGE' }))
})
