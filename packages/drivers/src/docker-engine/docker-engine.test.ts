import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { fakeEngines } from '../../test/fake-engines.ts'
import { openDockerEngine } from './docker-engine.ts'
import { engineDown } from './engine-failure.ts'

const never = new AbortController().signal
const info = { path: '/info', to: 'say what it is' }
const { serve, directory } = fakeEngines({ beforeEach, afterEach })

test.each([['1.41', '/v1.41/info'], ['1.43', '/v1.43/info'], ['1.51', '/v1.51/info'], ['1.99', '/v1.51/info']])('an engine that offers %s is asked for %s', async (offered, path) => {
  const asked: (string | undefined)[] = []
  const engine = await serve(offered, ({ url }, response) => response.end(void asked.push(url)))
  await engine.call(info, never)
  expect(asked).toEqual([path])
})

test('an engine that is too old is named with what it speaks and what is needed', async () => {
  const engine = await serve('1.40')
  await expect(engine.call(info, never)).rejects.toMatchObject({ code: 'ENGINE_TOO_OLD', message: expect.stringMatching(/speaks version 1\.40 .* needs 1\.41/) })
})

test('what is no engine is not taken for one', async () => {
  const engine = await serve(undefined)
  await expect(engine.call(info, never)).rejects.toMatchObject({ code: 'ENGINE_DOWN', message: expect.stringContaining('is no Docker engine') })
})

test('where nothing listens the message says where that is', async () => {
  const path = join(directory(), 'nothing.sock')
  await expect(openDockerEngine({ via: 'socket', path }).call(info, never)).rejects.toMatchObject({ code: 'ENGINE_DOWN', message: expect.stringContaining(path) })
})

test('whoever may not use the engine is told how to be let in', () => {
  const refusal = Object.assign(new Error('connect EACCES'), { code: 'EACCES' })
  expect(engineDown({ via: 'socket', path: '/run/docker.sock' }, refusal)).toMatchObject({
    code: 'ENGINE_DOWN', message: 'This user may not use the Docker engine at /run/docker.sock', hint: expect.stringContaining('usermod -aG docker'),
  })
})

test('an engine that goes away in the middle of its answer is down, and is asked for its version anew', async () => {
  let version = 0
  const engine = await serve('1.41', (_, response) => {
    if (version++ > 0) return void response.end('{}')
    response.writeHead(200, { 'content-length': 10 }).write('{')
    setImmediate(() => response.destroy())
  })
  await expect(engine.call(info, never)).rejects.toMatchObject({ code: 'ENGINE_DOWN' })
  expect(await engine.read(z.object({}), info, never)).toEqual({})
})

test('a refusal holds what was asked and the words of the engine', async () => {
  const engine = await serve('1.41', (_, response) => response.writeHead(500).end('{"message":"no more addresses"}'))
  const refusal = { code: 'ENGINE_REFUSED', message: 'The Docker engine could not say what it is: no more addresses' }
  await expect(engine.call(info, never)).rejects.toMatchObject(refusal)
  await expect(engine.stream(info, never)).rejects.toMatchObject(refusal)
})

test('a disk without room is told from other refusals', async () => {
  const engine = await serve('1.41', (_, response) => response.writeHead(500).end('{"message":"mkdir /var/lib/docker/x: no space left on device"}'))
  await expect(engine.call(info, never)).rejects.toMatchObject({ code: 'DISK_FULL' })
})

test('a status that is counted on is an answer', async () => {
  const engine = await serve('1.41', (_, response) => response.writeHead(404).end('{"message":"no such thing"}'))
  expect(await engine.call({ ...info, also: [404] }, never)).toEqual({ status: 404, body: '{"message":"no such thing"}' })
})

test('lists are repeated, objects are JSON, and what is undefined is left out', async () => {
  let asked = ''
  const engine = await serve('1.41', ({ url = '' }, response) => response.end(void (asked = url)))
  await engine.call({ ...info, query: { changes: ['A', 'B'], filters: { label: ['x=y'] }, all: true, none: undefined } }, never)
  expect(asked).toBe('/v1.41/info?changes=A&changes=B&filters=%7B%22label%22%3A%5B%22x%3Dy%22%5D%7D&all=true')
})

test('a body is sent as JSON', async () => {
  const engine = await serve('1.41', (request, response) => void text(request).then((body) => response.end(JSON.stringify({ body, type: request.headers['content-type'] }))))
  const answer = await engine.read(z.object({ body: z.string(), type: z.string() }), { ...info, method: 'POST', body: { Image: 'x' } }, never)
  expect(answer).toEqual({ body: '{"Image":"x"}', type: 'application/json' })
})

test('whoever does not want the answer any more is told by the signal\'s own reason', async () => {
  const asked = Promise.withResolvers<void>()
  const engine = await serve('1.41', () => asked.resolve())
  const cut = new AbortController()
  const answer = engine.call(info, cut.signal).catch((error: unknown) => error)
  await asked.promise
  cut.abort(new Error('not wanted'))
  expect(await answer).toEqual(new Error('not wanted'))
})

test('an engine that takes a question and never answers is given up, and what it was asked is said', async () => {
  const engine = await serve('1.41', () => undefined)
  await expect(engine.call({ ...info, patienceMs: 30 }, never)).rejects.toMatchObject({ code: 'ENGINE_DOWN', message: expect.stringMatching(/was asked to say what it is and did not answer within 0\.03 s/) })
})

test('an answer that has begun may take its time', async () => {
  const engine = await serve('1.41', (_, response) => {
    response.write('first ')
    setTimeout(() => response.end('last'), 120)
  })
  expect(await text(await engine.stream({ ...info, patienceMs: 60 }, never))).toBe('first last')
})
