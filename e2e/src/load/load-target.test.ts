import { expect, test } from 'vitest'
import { assertLoopback } from './load-target.ts'

test.each(['http://127.0.0.1:3000', 'http://localhost:1', 'http://web.localhost:8080', 'http://[::1]:5'])('%s is this machine', (url) => {
  expect(() => assertLoopback(new URL(url))).not.toThrow()
})

test.each(['http://example.com', 'https://127.0.0.1', 'http://10.0.0.1', 'http://localhost.example.com', 'http://127.0.0.1.example.com'])('%s gets no load', (url) => {
  expect(() => assertLoopback(new URL(url))).toThrow(expect.objectContaining({ code: 'USAGE' }))
})
