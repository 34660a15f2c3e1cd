import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { openFrontDoor, type Answering, type FrontDoor } from './front-door.ts'

const saying = (text: string): Answering => ({ routing: (_, response) => void response.end(text) })

async function doorTo(answering: Answering): Promise<{ readonly door: FrontDoor; readonly url: string }> {
  const door = await openFrontDoor(answering, { host: '127.0.0.1', port: 0, servedBy: 'api-1' })
  onTestFinished(() => door.close(0).catch(() => undefined))
  return { door, url: `http://127.0.0.1:${door.port}` }
}

/** Answers when it is told to. */
function slow(): Answering & { readonly asked: Promise<ServerResponse> } {
  const { promise, resolve } = Promise.withResolvers<ServerResponse>()
  return { asked: promise, routing: (_, response) => resolve(response) }
}

test('whoever comes meets the API that was put in the place of another, also on a connection from before', async () => {
  const { door, url } = await doorTo(saying('one'))
  const ask = async (): Promise<unknown> => {
    const answer = await fetch(url)
    return [answer.headers.get('x-served-by'), await answer.text()]
  }
  expect(await ask()).toEqual(['api-1', 'one'])
  door.leadTo(saying('two'))
  expect(await ask()).toEqual(['api-1', 'two'])
})

test('whoever has come in is answered by the API that they met', async () => {
  const first = slow()
  const { door, url } = await doorTo(first)
  const answer = fetch(url).then((given) => given.text())
  const response = await first.asked
  door.leadTo(saying('two'))
  response.end('one')
  expect(await answer).toBe('one')
})

test('at its end a request that is being answered is waited for, and a stream is not', async () => {
  const first = slow()
  const { door, url } = await doorTo(first)
  const answer = fetch(url).then((given) => given.text())
  const response = await first.asked
  const second = slow()
  door.leadTo(second)
  const streamed = fetch(url).then(async (given) => given.text()).then(() => 'whole', () => 'cut')
  const stream = await second.asked
  stream.writeHead(200, { 'content-type': 'text/event-stream' }).write(': \n\n')
  const closed = door.close(60_000)
  response.end('one')
  expect(await answer).toBe('one')
  await closed
  expect(await streamed).toBe('cut')
  await expect(fetch(url)).rejects.toThrow()
})

test('what has no end is not waited for longer than its grace', async () => {
  const first = slow()
  const { door, url } = await doorTo(first)
  const answer = fetch(url).then(() => 'answered', () => 'cut')
  const response = await first.asked
  const gone = once(response, 'close')
  await door.close(10)
  await gone
  expect(await answer).toBe('cut')
})
