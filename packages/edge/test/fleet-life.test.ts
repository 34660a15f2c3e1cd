import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { releaseNumberSchema, type Traffic } from '@plimsoll/model'
import type { EdgeFleet } from '../src/fleet/create-edge-fleet.ts'
import { edgeWorld, type EdgeWorld, freePort, shopTraffic, signal } from './edge-world.ts'
import { fleetSecrets } from '../src/fleet/fleet-keys.ts'
import { MemberLink } from '../src/fleet/member-link.ts'
import { selfSigned } from '../src/fleet/self-signed.ts'
import { type FleetProcesses, fleetProcesses, quickBounds } from './fleet-processes.ts'
import { steadyLoad } from './steady-load.ts'

const names = ['one', 'two', 'three']
let world: FleetProcesses
/** For its upstreams. */
let upstreams: EdgeWorld
let fleet: EdgeFleet
let entry: number
let ports: Record<number, number>

beforeEach(async () => {
  upstreams = await edgeWorld()
  entry = await freePort()
  ports = {}
  for (const release of [1, 2, 3]) ports[release] = (await upstreams.upstream((_request, response) => response.end(String(release)))).port
  world = await fleetProcesses(names)
  fleet = await world.fleet()
})
afterEach(async () => {
  await world.close()
  await upstreams.close()
})

const to = (release: number, more: { readonly fence?: number; readonly previous?: readonly number[] } = {}): Traffic =>
  shopTraffic({ release, entry, upstreams: [ports[release] ?? 0], fence: more.fence ?? 1, previous: (more.previous ?? []).map((each) => ({ release: each, upstreams: [ports[each] ?? 0] })) })
const hostOf = (name: string): string => world.edges.get(name)?.host ?? ''
const ask = async (name: string): Promise<string> => fetch(`http://${hostOf(name)}:${entry}/`, { headers: { connection: 'close' } }).then(async (answer) => answer.text(), (error: unknown) => causeOf(error))
const follows = async (name: string): Promise<void> => {
  while (fleet.standingOf().find((each) => each.name === name)?.is !== 'current') await new Promise((resolve) => setImmediate(resolve))
}
const graces = { requestGraceMs: 5_000, streamGraceMs: 0 }
const releaseOne = releaseNumberSchema.parse(1)

test('a switch under load through all edges loses nothing, and afterwards no edge sends anything where it went before', async () => {
  await fleet.shift(to(1), signal)
  const loads = names.map((name) => steadyLoad(entry, { host: hostOf(name), fresh: 2, kept: 2 }))
  for (const [release, before] of [[2, 1], [3, 2], [1, 3]] as const) {
    while (loads.some(({ seen }) => !seen.some(({ body }) => body === String(before)))) await new Promise((resolve) => setImmediate(resolve))
    expect(await fleet.shift(to(release, { previous: [before] }), signal)).toEqual({ away: [] })
    const switchedAt = performance.now()
    const isAfter = ({ startedAt }: { readonly startedAt: number }): boolean => startedAt > switchedAt
    while (loads.some(({ seen }) => seen.filter(isAfter).length < 20)) await new Promise((resolve) => setImmediate(resolve))
    for (const { seen } of loads) expect(new Set(seen.filter(isAfter).map(({ body, failure }) => failure ?? body))).toEqual(new Set([String(release)]))
    expect(await fleet.drain({ app: to(1).app, release: to(before).live.release, ...graces }, signal)).toMatchObject({ cutRequests: 0, cutStreams: 0 })
  }
  const seen = (await Promise.all(loads.map(async (load) => load.finish()))).flat()
  expect(seen.filter(({ failure }) => failure !== undefined)).toEqual([])
  expect(seen.length).toBeGreaterThan(200)
})

test('an edge that was killed opens no port until it was given the current table, and never serves the one that it had', async () => {
  await fleet.shift(to(1), signal)
  await world.kill('two')
  expect(await fleet.shift(to(2), signal)).toEqual({ away: ['two'] })
  expect([await ask('one'), await ask('three')]).toEqual(['2', '2'])
  await fleet.close()
  await world.start('two')
  expect(await ask('two')).toBe('ECONNREFUSED')
  fleet = await world.fleet()
  await follows('two')
  expect(await ask('two')).toBe('2')
})

test('users of an edge that comes back under load meet the current release only', async () => {
  await fleet.shift(to(1), signal)
  await world.kill('two')
  await fleet.shift(to(2), signal)
  const load = steadyLoad(entry, { host: '127.0.0.3', fresh: 2, kept: 0 })
  await world.start('two')
  while (load.seen.filter(({ body }) => body !== undefined).length < 20) await new Promise((resolve) => setImmediate(resolve))
  const seen = await load.finish()
  expect(new Set(seen.map(({ body, failure }) => failure ?? body))).toEqual(new Set(['ECONNREFUSED', '2']))
})

test('all edges killed at once, and with them all that they kept, are given what they served by the record in the home', async () => {
  await fleet.shift(to(2), signal)
  for (const name of names) {
    await world.kill(name)
    await rm(join(world.home, name), { recursive: true })
  }
  await fleet.close()
  await Promise.all(names.map(async (name) => world.start(name)))
  fleet = await world.fleet()
  for (const name of names) await follows(name)
  expect(await Promise.all(names.map(ask))).toEqual(['2', '2', '2'])
})

test('a switch does not wait for long for an edge that stands still, and names it; what it may still send requests to is not given up before it follows', async () => {
  await fleet.shift(to(1), signal)
  const { child } = world.edges.get('two') ?? {}
  child?.kill('SIGSTOP')
  const began = performance.now()
  expect(await fleet.shift(to(2), signal)).toEqual({ away: ['two'] })
  expect(performance.now() - began).toBeLessThan(quickBounds.waitMs + quickBounds.answerMs + 1_000)
  let drained = false
  const drain = fleet.drain({ app: to(1).app, release: releaseOne, ...graces }, signal).then((report) => {
    drained = true
    return report
  })
  expect([await ask('one'), await ask('three'), drained]).toEqual(['2', '2', false])
  child?.kill('SIGCONT')
  expect(await drain).not.toHaveProperty('away')
  expect(await ask('two')).toBe('2')
})

test('what came to an edge while it stood still is answered by the current table, not by the one that it had', async () => {
  await fleet.shift(to(1), signal)
  const { child } = world.edges.get('two') ?? {}
  child?.kill('SIGSTOP')
  await fleet.shift(to(2, { previous: [1] }), signal)
  const answers = Promise.all(Array.from({ length: 5 }, async () => ask('two')))
  await standsStill()
  child?.kill('SIGCONT')
  expect(await answers).toEqual(['2', '2', '2', '2', '2'])
})

test('an edge that stood still and finds no controller serves as before, after a moment', async () => {
  await fleet.shift(to(1), signal)
  await fleet.close()
  const { child } = world.edges.get('two') ?? {}
  child?.kill('SIGSTOP')
  const answer = ask('two')
  await standsStill()
  child?.kill('SIGCONT')
  expect(await answer).toBe('1')
})

test('an edge that only its controller cannot reach serves on as before, is not waited for for ever, and follows when it can be reached', async () => {
  const patient = await world.fleet({ bounds: { ...quickBounds, goneMs: 600_000 } })
  await fleet.shift(to(1), signal)
  world.cables.get('two')?.cut()
  expect(await fleet.shift(to(2, { previous: [1] }), signal)).toEqual({ away: ['two'] })
  expect(await Promise.all(names.map(ask))).toEqual(['2', '1', '2'])
  await expect(patient.pause({ app: to(1).app, fence: 1, pause: { since: new Date().toISOString(), until: new Date(Date.now() + 5_000).toISOString(), atEnd: 'serve' } }, signal)).rejects.toMatchObject({ code: 'EDGE_DOWN', details: { edges: 'two' } })
  await expect(patient.quiesce({ app: to(1).app, graceMs: 100 }, signal)).rejects.toMatchObject({ code: 'EDGE_DOWN', details: { edges: 'two' } })
  await fleet.pause({ app: to(1).app, fence: 1, pause: null }, signal)
  await fleet.shift(to(2), signal)
  expect(await fleet.drain({ app: to(1).app, release: releaseOne, ...graces }, signal)).toMatchObject({ away: ['two'] })
  world.cables.get('two')?.mend()
  await follows('two')
  expect(await ask('two')).toBe('2')
})

test('of two controllers the one with the older fence changes nothing, and neither takes back what the other did', async () => {
  const other = await world.fleet()
  await fleet.shift(to(1, { fence: 4 }), signal)
  await other.shift(to(2, { fence: 5 }), signal)
  await expect(fleet.shift(to(3, { fence: 4 }), signal)).rejects.toMatchObject({ code: 'FENCED_OFF', details: { fence: 4, highest: 5 } })
  expect(await Promise.all(names.map(ask))).toEqual(['2', '2', '2'])
  const both = await Promise.all([fleet, other].map(async (each) => each.live(to(1).app, signal)))
  expect(both.map((traffic) => traffic?.live.release)).toEqual([2, 2])
})

test('two controllers that change different apps at the same time lose neither change', async () => {
  const other = await world.fleet()
  const theirs = { ...shopTraffic({ release: 3, entry: await freePort(), upstreams: [ports[3] ?? 0] }), app: 'other' as Traffic['app'] }
  await Promise.all([fleet.shift(to(1), signal), other.shift(theirs, signal)])
  for (const each of [fleet, other]) {
    const standings = await each.standings(signal)
    expect([standings.get(to(1).app)?.traffic?.live.release, standings.get(theirs.app)?.traffic?.live.release]).toEqual([1, 3])
  }
})

test('counts are the sum over all edges, and grow on when one of them has died', async () => {
  await fleet.shift(to(1), signal)
  for (const name of [...names, 'two']) await ask(name)
  const requests = async (): Promise<number | undefined> => (await fleet.counters(to(1).app, signal))['1/web']?.requests
  expect(await requests()).toBe(4)
  await world.kill('two')
  expect(await requests()).toBe(4)
  await world.start('two')
  await follows('two')
  await ask('two')
  expect(await requests()).toBe(5)
})

test('a stranger at the control port is told nothing', async () => {
  const { host, port } = world.edges.get('one')?.address ?? { host: '', port: 0 }
  await expect(new MemberLink({ name: 'one', host, port }, { ...selfSigned('plimsoll-controller'), peer: (await fleetSecrets(world.home)).controller.peer }).ask({ method: 'GET', path: '/table' }, signal)).rejects.toMatchObject({ code: 'EDGE_DOWN' })
})

/** Longer than an edge may stand still without being unsure. */
async function standsStill(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2_300))
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error)
}
