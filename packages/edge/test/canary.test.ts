import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EdgeWorld, edgeWorld, shopTraffic, signal } from './edge-world.ts'

let world: EdgeWorld
let entry: number
let ports: { six: number; seven: number }

beforeEach(async () => {
  world = await edgeWorld()
  entry = await world.freePort()
  const named = async (name: string): Promise<number> =>
    (await world.upstream((_request, response) => response.setHeader('Set-Cookie', `session=${name}`).end(name))).port
  ports = { six: await named('six'), seven: await named('seven') }
})
afterEach(async () => world.close())

const live = () => ({ release: 6, entry, upstreams: [ports.six], deploymentId: 'six' })
const canary = (share: number) => ({ release: 7, upstreams: [ports.seven], deploymentId: 'seven', share })
const page = { 'sec-fetch-dest': 'document', accept: 'text/html' }

/** A browser of its own: it keeps the cookie that it is given. */
function visitor() {
  let seat: string | undefined
  const ask = async (headers: Readonly<Record<string, string>>): Promise<{ text: string; cookies: string[] }> => {
    const answer = await fetch(`http://127.0.0.1:${entry}/`, { headers: { ...headers, ...(seat !== undefined && { cookie: seat }) } })
    const cookies = answer.headers.getSetCookie()
    const given = cookies.find((cookie) => cookie.startsWith('plimsoll-canary-'))
    if (given !== undefined) seat = given.includes('Max-Age=0') ? undefined : given.split(';')[0]
    return { text: await answer.text(), cookies }
  }
  return { visit: () => ask(page), fetch: (headers = {}) => ask({ 'sec-fetch-site': 'same-origin', ...headers }), seat: () => seat }
}

test('a visitor gets a seat with the first page, beside the cookies of the app, and keeps it', async () => {
  await world.edge.shift(shopTraffic({ ...live(), canary: canary(0.5) }), signal)
  const sides = new Set<string>()
  for (let n = 0; n < 40; n += 1) {
    const someone = visitor()
    const { text, cookies } = await someone.visit()
    sides.add(text)
    expect(cookies).toEqual([`session=${text}`, expect.stringMatching(/^plimsoll-canary-shop=r7\.\d+; /)])
    expect([(await someone.fetch()).text, (await someone.visit()).text, (await someone.fetch()).text]).toEqual([text, text, text])
  }
  expect([...sides].toSorted()).toEqual(['seven', 'six'])
})

test('seats outlive a restart of the edge, move forward when the share grows, and are gone with the canary', async () => {
  await world.edge.shift(shopTraffic({ ...live(), canary: canary(0.3) }), signal)
  const all = Array.from({ length: 30 }, visitor)
  const before = await Promise.all(all.map(async (each) => (await each.visit()).text))
  await world.restart()
  expect(await Promise.all(all.map(async (each) => (await each.visit()).text))).toEqual(before)
  await world.edge.shift(shopTraffic({ ...live(), canary: canary(0.7) }), signal)
  const after = await Promise.all(all.map(async (each) => (await each.fetch()).text))
  for (const [n, side] of after.entries()) if (before[n] === 'seven') expect(side).toBe('seven')
  await world.edge.shift(shopTraffic(live()), signal)
  expect(new Set(await Promise.all(all.map(async (each) => (await each.fetch()).text)))).toEqual(new Set(['six']))
  await Promise.all(all.map((each) => each.visit()))
  expect(all.map((each) => each.seat())).toEqual(all.map(() => undefined))
})

test('what carries a deployment id follows it, whatever the seat', async () => {
  await world.edge.shift(shopTraffic({ ...live(), canary: canary(0.5) }), signal)
  const someone = visitor()
  await someone.visit()
  expect((await someone.fetch({ 'x-deployment-id': 'seven' })).text).toBe('seven')
  expect((await someone.fetch({ 'x-deployment-id': 'six' })).text).toBe('six')
})

test('each of the two has counts of its own', async () => {
  await world.edge.shift(shopTraffic({ ...live(), canary: canary(0.5) }), signal)
  const texts = await Promise.all(Array.from({ length: 40 }, async () => (await visitor().visit()).text))
  const counters = await world.edge.counters(shopTraffic(live()).app, signal)
  expect([counters['6/web']?.requests, counters['7/web']?.requests]).toEqual(['six', 'seven'].map((side) => texts.filter((text) => text === side).length))
})
