import { fastifyApps } from '../fastify-app.ts'
import { placeIn } from '../place.ts'
import type { Rule } from '../rule.ts'

/** Fastify's own is 72 s, Node's 5 s. */
const leastMs = 60_000

export const keepAliveShort: Rule = {
  id: 'keep-alive-short',
  severity: 'warning',
  holds: 'A program keeps idle connections longer than the proxy in front of it uses them.',
  why: 'The proxy sends a request on a connection that is being closed: now and then a user gets 502.',
  *find(subject) {
    const told = new Set<string>()
    for (const { own, repository } of fastifyApps(subject)) {
      for (const file of own) {
        const text = repository.text(file) ?? ''
        if (told.has(file)) continue
        told.add(file)
        const set = [...text.matchAll(/\bkeepAliveTimeout\s*[:=]\s*([\d_]+)/g)].map(({ index, 1: digits = '' }) => ({ index, value: Number(digits.replaceAll('_', '')) }))
        for (const { index, value } of set.filter((each) => each.value < leastMs)) {
          yield { place: placeIn(text, index), file, message: `idle connections are closed after ${value} ms`, fix: 'write 120_000, and a headersTimeout above it' }
        }
      }
    }
  },
}
