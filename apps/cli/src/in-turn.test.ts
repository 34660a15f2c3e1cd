import { PassThrough } from 'node:stream'
import { createClient } from '@plimsoll/client'
import { appNameSchema, PlimsollError } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { inTurn, type Turn } from './in-turn.ts'

const app = appNameSchema.parse('shop')
const release = {
  app, number: 7, kind: 'release', state: 'releasing', source: { root: '/shop', blueprint: 'render.yaml', dirty: false }, startedAt: '2026-01-01T12:00:00.000Z', steps: [],
}
const view = { name: app, root: '/shop', createdAt: '2026-01-01T12:00:00.000Z', live: null, previous: [], underWay: release, services: [] }

/** An API whose release 7 is under way until `ends`. */
function world(ends: Promise<void>) {
  const fetch = async (url: URL | string | Request, init?: RequestInit): Promise<Response> => {
    if (!String(url).endsWith('/events')) return Response.json(view)
    init?.signal?.throwIfAborted()
    const left = new Promise<void>((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error), { once: true }))
    await Promise.race([ends, left])
    return new Response(`event: end\ndata: ${JSON.stringify({ ...release, state: 'live', outcome: { is: 'completed' } })}\n\n`)
  }
  const err = new PassThrough()
  const interrupted = new AbortController()
  const session = { err: err as unknown as NodeJS.WriteStream, interrupted: interrupted.signal }
  const turn = (waitMs: number): Turn => ({ client: createClient({ baseUrl: 'http://api.test', token: 't', fetch: fetch as typeof globalThis.fetch }), session, app, waitMs })
  return { turn, interrupted, told: () => String(err.read() ?? '') }
}

/** Refused until `over`. */
function asked(over: () => boolean): () => Promise<string> {
  return async () => {
    if (over()) return 'done'
    throw new PlimsollError('RELEASE_LOCKED', 'shop is being changed')
  }
}

test('waits for the end of the release that is in the way, says so once, and then does what was asked', async () => {
  const end = Promise.withResolvers<void>()
  const { turn, told } = world(end.promise)
  let over = false
  const done = inTurn(turn(60_000), asked(() => over))
  over = true
  end.resolve()
  expect([await done, told()]).toEqual(['done', expect.stringMatching(/^Waiting for release 7 of shop to end, .+ at most\n$/)])
})

test('asks nobody and says nothing when nobody is in the way', async () => {
  const { turn, told } = world(Promise.reject(new Error('asked')).catch(() => undefined))
  expect([await inTurn(turn(60_000), asked(() => true)), told()]).toEqual(['done', ''])
})

test.each([0, 30])('tells who is in the way when the time is over: %i ms', async (waitMs) => {
  const { turn } = world(new Promise(() => undefined))
  await expect(inTurn(turn(waitMs), asked(() => false))).rejects.toMatchObject({ code: 'RELEASE_LOCKED' })
})

test('a Ctrl-C ends the wait', async () => {
  const { turn, interrupted } = world(new Promise(() => undefined))
  const done = inTurn(turn(60_000), asked(() => false))
  interrupted.abort(new PlimsollError('INTERRUPTED', 'by Ctrl-C'))
  await expect(done).rejects.toMatchObject({ code: 'INTERRUPTED' })
})
