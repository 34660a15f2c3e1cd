import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { contract, PlimsollError, toProblem, type JournalEntry, type ReleaseEvent } from '@plimsoll/model'
import { afterEach, describe, expect, test } from 'vitest'
import { aRelease } from '../test/a-release.ts'
import { listen } from '../test/listen.ts'
import { createClient, type Client } from './create-client.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function clientOf(listener: RequestListener): Promise<Client> {
  const { url, close } = await listen(listener)
  closing.push(close)
  return createClient({ baseUrl: url, token: 'secret', backOffMs: [1, 1] })
}

describe('call', () => {
  test('sends token, parameters, query and body as the contract writes them, and gives the checked answer', async () => {
    const seen: unknown[] = []
    const client = await clientOf(async (request, response) => {
      seen.push([request.method, request.url, request.headers.authorization, await json(request)])
      response.end(JSON.stringify(aRelease()))
    })
    const release = await client.call(contract.rollBack, { params: { app: 'a b/c' }, body: { to: 2 } })
    expect(release).toEqual(aRelease())
    expect(seen).toEqual([['POST', '/v1/apps/a%20b%2Fc/rollback', 'Bearer secret', { to: 2 }]])
  })

  test('throws the problem that the API answers with, hint and details included', async () => {
    const problem = toProblem(new PlimsollError('RELEASE_LOCKED', 'Release 3 of storefront is under way', { hint: 'Wait for it', details: { release: 3 } }))
    const client = await clientOf((_, response) => response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem)))
    await expect(client.call(contract.listApps, {})).rejects.toMatchObject(problem)
  })

  test('says that Plimsoll is not there when the connection is refused', async () => {
    const { url, close } = await listen(() => undefined)
    await close()
    await expect(createClient({ baseUrl: url, token: '' }).call(contract.health, {})).rejects.toMatchObject({ code: 'API_UNREACHABLE', hint: 'Start it: plimsoll up' })
  })

  test.each(['<html>', '[{"name":"storefront"}]'])('takes an answer that the contract does not allow for that of another build, and says how to replace that: %s', async (text) => {
    const client = await clientOf((_, response) => response.end(text))
    await expect(client.call(contract.listApps, {})).rejects.toMatchObject({ code: 'API_DIFFERS', message: expect.stringContaining('GET /v1/apps'), hint: expect.stringContaining('plimsoll up') })
  })

  test('keeps the status and the text of a failure that is no problem of ours', async () => {
    const client = await clientOf((_, response) => response.writeHead(502).end('Bad Gateway'))
    await expect(client.call(contract.listApps, {})).rejects.toMatchObject({ code: 'BUG', details: { status: 502, body: 'Bad Gateway' } })
  })

  test('throws the reason of its signal', async () => {
    const stop = new AbortController()
    const client = await clientOf(() => stop.abort(new Error('enough')))
    await expect(client.call(contract.listApps, {}, stop.signal)).rejects.toThrow('enough')
  })
})

const started = { is: 'started', step: 'plan', at: '2026-11-22T09:00:00.000Z' } as const
const done = { is: 'done', step: 'plan', at: '2026-11-22T09:00:01.000Z', gives: {} } as const
const watched = { params: { app: 'storefront', release: 3 } }
const atLine = { at: '2026-11-22T09:00:00.000Z', service: 'web', stream: 'out', text: 'ready' } as const

/** Answers the first request with the first script, the second with the second, and so on; counts them. */
function scripted(...scripts: ((response: ServerResponse, request: IncomingMessage) => void)[]): RequestListener & { asked: IncomingMessage[] } {
  const asked: IncomingMessage[] = []
  const listener: RequestListener = (request, response) => {
    asked.push(request)
    scripts[asked.length - 1]?.(response, request)
  }
  return Object.assign(listener, { asked })
}

function send(response: ServerResponse, event: string, data: unknown): ServerResponse {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  return response
}

function entry(response: ServerResponse, id: number, data: JournalEntry): ServerResponse {
  response.write(`event: entry\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`)
  return response
}

/** Cuts the connection once what was written before has left, as a killed process would. */
function cut(response: ServerResponse): void {
  response.write(': heartbeat\n\n', () => setImmediate(() => response.destroy()))
}

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = []
  for await (const event of events) seen.push(event)
  return seen
}

describe('stream', () => {
  const end = (response: ServerResponse) => send(response, 'end', aRelease({ state: 'live' }))

  test('gives a watched release from its beginning and ends after its end, though the connection stays open', async () => {
    const client = await clientOf(scripted((response) => end(send(entry(response, 1, started), 'line', atLine))))
    const events = await all(client.stream(contract.watchRelease, watched))
    expect(events.map(({ event }) => event)).toEqual(['entry', 'line', 'end'])
    expect(events[0]).toEqual({ event: 'entry', id: 1, data: started })
  })

  test.each([['is cut', cut], ['ends too early', (response: ServerResponse) => response.end()]])('goes on after the last event when the connection %s', async (_, dropped) => {
    const server = scripted(
      (response) => dropped(entry(response, 1, started)),
      (response) => end(entry(response, 2, done)),
    )
    const events = await all((await clientOf(server)).stream(contract.watchRelease, watched))
    expect(events.map((event: ReleaseEvent) => (event.event === 'entry' ? event.id : event.event))).toEqual([1, 2, 'end'])
    expect(server.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1'])
  })

  test('begins after the event that the caller saw last', async () => {
    const server = scripted(end)
    await all((await clientOf(server)).stream(contract.watchRelease, { ...watched, lastEventId: 41 }))
    expect(server.asked[0]?.headers['last-event-id']).toBe('41')
  })

  test('gives up when every attempt in a row is dropped', async () => {
    const server = scripted((response) => cut(entry(response, 1, started)), cut, cut, cut)
    await expect(all((await clientOf(server)).stream(contract.watchRelease, watched))).rejects.toMatchObject({ code: 'API_UNREACHABLE' })
    expect(server.asked).toHaveLength(3)
  })

  test('does not ask again when the API refuses', async () => {
    const problem = toProblem(new PlimsollError('NOT_FOUND', 'storefront has no release 3'))
    const server = scripted((response) => cut(entry(response, 1, started)), (response) => response.writeHead(404).end(JSON.stringify(problem)))
    await expect(all((await clientOf(server)).stream(contract.watchRelease, watched))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(server.asked).toHaveLength(2)
  })

  test('throws a problem that comes up in the middle of a stream', async () => {
    const problem = toProblem(new PlimsollError('EDGE_DOWN', 'The edge does not answer'))
    const client = await clientOf(scripted((response) => send(send(response, 'line', atLine), 'problem', problem).end()))
    await expect(all(client.stream(contract.logs, { params: { app: 'storefront' } }))).rejects.toMatchObject(problem)
  })

  test('takes a watched release up again when what the API stands on was down for a moment', async () => {
    const problem = toProblem(new PlimsollError('DATABASE_DOWN', 'The database does not answer'))
    const server = scripted((response) => send(entry(response, 1, started), 'problem', problem).end(), end)
    expect(await all((await clientOf(server)).stream(contract.watchRelease, watched))).toHaveLength(2)
  })

  test('ends log lines with their connection and never repeats them', async () => {
    const server = scripted((response) => send(response, 'line', atLine).end())
    const client = await clientOf(server)
    expect(await all(client.stream(contract.logs, { params: { app: 'storefront' }, query: { follow: true, tail: 5 } }))).toEqual([{ event: 'line', data: atLine }])
    expect(server.asked.map(({ url }) => url)).toEqual(['/v1/apps/storefront/logs?follow=true&tail=5'])
  })

  test('says so when log lines are cut off', async () => {
    const client = await clientOf(scripted((response) => cut(send(response, 'line', atLine))))
    await expect(all(client.stream(contract.logs, { params: { app: 'storefront' } }))).rejects.toMatchObject({ code: 'API_UNREACHABLE' })
  })

  test('closes the connection when its reader leaves', async () => {
    const server = scripted((response) => send(response, 'line', atLine))
    const client = await clientOf(server)
    const left = Promise.withResolvers<void>()
    for await (const { event } of client.stream(contract.logs, { params: { app: 'storefront' } })) {
      server.asked[0]?.socket.once('close', () => left.resolve())
      if (event === 'line') break
    }
    await left.promise
  })

  test('throws the reason of its signal while it waits for the next event', async () => {
    const stop = new AbortController()
    const client = await clientOf(scripted((response) => entry(response, 1, started)))
    const events = client.stream(contract.watchRelease, watched, stop.signal)
    await events.next()
    const waiting = events.next()
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })
})
