import type { Edge } from '@plimsoll/engine'
import { type AppName, appNameSchema, type Pause, releaseNumberSchema, type Traffic, trafficSchema } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** An edge that belongs to one test. */
export interface EdgeUnderTest {
  readonly edge: Edge
  /** Another handle on the same edge, as another run of Plimsoll has it. */
  another(): Edge
  freePort(): Promise<number>
  /** A user's GET of `/` at an entry, behind which nobody listens. */
  visit(port: number): Promise<void>
  /** A port that belongs to another program. */
  readonly takenPort: number
  /** An absolute directory with at least one file. */
  readonly assets: string
  dispose(): Promise<void>
}

const unhurried = new AbortController().signal
const shop = appNameSchema.parse('shop')
const other = appNameSchema.parse('other')
const one = releaseNumberSchema.parse(1)

/** Its end is refused, so that no clock can end it while the test looks. */
const aPause: Pause = { since: '2026-01-01T00:00:00.000Z', until: '2026-01-01T00:00:30.000Z', atEnd: 'refuse' }

/** What every edge promises to the engine, whatever moves its traffic. Calls vitest's `describe`. */
export function describeEdge(name: string, make: () => Promise<EdgeUnderTest>): void {
  describe(`${name} keeps the contract of an edge`, () => {
    let under: EdgeUnderTest
    let port: number
    beforeEach(async () => {
      under = await make()
      port = await under.freePort()
    })
    afterEach(async () => under.dispose())
    const shift = async (traffic: Traffic): Promise<void> => void (await under.edge.shift(traffic, unhurried))
    const live = async (app: AppName = shop): Promise<Traffic | undefined> => under.edge.live(app, unhurried)

    it('serves nothing for an app before the first shift', async () => {
      expect(await live()).toBeUndefined()
    })

    it('tells the whole truth that it was given, to every handle', async () => {
      const traffic = trafficTo({ release: 1, port, fence: 1 })
      await shift(traffic)
      expect(await under.edge.shift(traffic, unhurried)).toEqual({ away: [] })
      expect(await live()).toEqual(traffic)
      expect(await under.another().live(shop, unhurried)).toEqual(traffic)
    })

    it('takes the same value again', async () => {
      const traffic = trafficTo({ release: 1, port, fence: 1 })
      await shift(traffic)
      await shift(traffic)
      expect(await live()).toEqual(traffic)
    })

    it('goes forth and back under one fence', async () => {
      await shift(trafficTo({ release: 1, port, fence: 1 }))
      await shift(trafficTo({ release: 2, port, fence: 1 }))
      await shift(trafficTo({ release: 1, port, fence: 1 }))
      expect((await live())?.live.release).toBe(1)
    })

    it('refuses a lower fence than it has seen, and stays as it was', async () => {
      const traffic = trafficTo({ release: 2, port, fence: 5 })
      await shift(traffic)
      await expect(shift(trafficTo({ release: 3, port, fence: 4 }))).rejects.toMatchObject({ code: 'FENCED_OFF' })
      await expect(under.edge.remove(shop, 4, unhurried)).rejects.toMatchObject({ code: 'FENCED_OFF' })
      expect(await live()).toEqual(traffic)
    })

    it('remembers the fence of an app that was removed', async () => {
      await shift(trafficTo({ release: 1, port, fence: 5 }))
      await under.edge.remove(shop, 6, unhurried)
      expect(await live()).toBeUndefined()
      await expect(shift(trafficTo({ release: 1, port, fence: 5 }))).rejects.toMatchObject({ code: 'FENCED_OFF' })
    })

    it('keeps a cut-off once it was given, takes out what it covers, and lets none of that go live', async () => {
      const traffic = trafficTo({ release: 3, port, fence: 1 })
      const [second, first] = [trafficTo({ release: 2, port, fence: 1 }).live, trafficTo({ release: 1, port, fence: 1 }).live]
      await shift({ ...traffic, previous: [second, first] })
      await shift({ ...traffic, previous: [second, first], cutOff: one })
      expect(await live()).toEqual({ ...traffic, previous: [second], cutOff: one })
      await shift({ ...traffic, previous: [second, first] })
      expect(await live()).toEqual({ ...traffic, previous: [second], cutOff: one })
      await expect(shift(trafficTo({ release: 1, port, fence: 1 }))).rejects.toMatchObject({ code: 'CUT_OFF' })
      expect((await live())?.live.release).toBe(3)
    })

    it('remembers the cut-off of an app that was removed', async () => {
      const traffic = trafficTo({ release: 2, port, fence: 1 })
      await shift({ ...traffic, cutOff: one })
      await under.edge.remove(shop, 1, unhurried)
      await expect(shift(trafficTo({ release: 1, port, fence: 1 }))).rejects.toMatchObject({ code: 'CUT_OFF' })
      await shift(traffic)
      expect((await live())?.cutOff).toBe(1)
    })

    it('removes twice what is removed once', async () => {
      await under.edge.remove(shop, 1, unhurried)
      await under.edge.remove(shop, 1, unhurried)
      expect(await live()).toBeUndefined()
    })

    it('refuses a port of another program, and stays as it was', async () => {
      const traffic = trafficTo({ release: 1, port, fence: 1 })
      await shift(traffic)
      const refused = shift(trafficTo({ release: 2, port: under.takenPort, fence: 2 }))
      await expect(refused).rejects.toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(String(under.takenPort)) })
      expect(await live()).toEqual(traffic)
    })

    it('keeps apps apart, fences too', async () => {
      const theirs = { ...trafficTo({ release: 7, port: await under.freePort(), fence: 1 }), app: other }
      await shift(trafficTo({ release: 1, port, fence: 9 }))
      await shift(theirs)
      await under.edge.remove(shop, 9, unhurried)
      expect(await live(other)).toEqual(theirs)
    })

    it('drains at once a release that nothing is in flight to', async () => {
      await shift(trafficTo({ release: 2, port, fence: 1 }))
      const report = await under.edge.drain({ app: shop, release: one, requestGraceMs: 10_000, streamGraceMs: 10_000 }, unhurried)
      expect(report).toMatchObject({ cutRequests: 0, cutStreams: 0 })
    })

    it('publishes before the first shift, and again', async () => {
      const assets = { app: shop, release: one, service: 'web', directory: under.assets, urlPrefix: '/_next/static/' }
      await under.edge.publish(assets, unhurried)
      await under.edge.publish(assets, unhurried)
    })

    it('holds nothing for an app until it is told to, and tells every handle what holds it', async () => {
      expect(await under.edge.holds(shop, unhurried)).toEqual({})
      await under.edge.pause({ app: shop, fence: 1, pause: aPause }, unhurried)
      await under.edge.maintain({ app: shop, maintenance: { since: aPause.since, message: 'Back at noon' } }, unhurried)
      expect(await under.another().holds(shop, unhurried)).toEqual({ pause: aPause, maintenance: { since: aPause.since, message: 'Back at noon' } })
      await under.edge.pause({ app: shop, fence: 1, pause: null }, unhurried)
      await under.edge.maintain({ app: shop, maintenance: null }, unhurried)
      expect(await under.edge.holds(shop, unhurried)).toEqual({})
    })

    it('tells of every app at once what it tells of each', async () => {
      expect(await under.edge.standings(unhurried)).toEqual(new Map())
      const traffic = trafficTo({ release: 1, port, fence: 1 })
      await shift(traffic)
      await under.edge.pause({ app: other, fence: 1, pause: aPause }, unhurried)
      expect(await under.another().standings(unhurried)).toEqual(new Map([[shop, { traffic, holds: {} }], [other, { holds: { pause: aPause } }]]))
      await under.edge.remove(shop, 1, unhurried)
      await under.edge.remove(other, 1, unhurried)
      expect(await under.edge.standings(unhurried)).toEqual(new Map())
    })

    it('keeps what holds an app through a shift, and forgets it with the app', async () => {
      await under.edge.pause({ app: shop, fence: 1, pause: aPause }, unhurried)
      await shift(trafficTo({ release: 1, port, fence: 1 }))
      expect(await under.edge.holds(shop, unhurried)).toEqual({ pause: aPause })
      await under.edge.remove(shop, 1, unhurried)
      expect(await under.edge.holds(shop, unhurried)).toEqual({})
    })

    it('refuses a pause with a lower fence than it has seen, and remembers the fence of a pause', async () => {
      await under.edge.pause({ app: shop, fence: 5, pause: aPause }, unhurried)
      await expect(under.edge.pause({ app: shop, fence: 4, pause: null }, unhurried)).rejects.toMatchObject({ code: 'FENCED_OFF' })
      await expect(shift(trafficTo({ release: 1, port, fence: 4 }))).rejects.toMatchObject({ code: 'FENCED_OFF' })
      expect(await under.edge.holds(shop, unhurried)).toEqual({ pause: aPause })
    })

    it('is quiet at once when nothing is in flight', async () => {
      await shift(trafficTo({ release: 1, port, fence: 1 }))
      expect(await under.edge.quiesce({ app: shop, graceMs: 10_000 }, unhurried)).toMatchObject({ leftRequests: 0 })
    })

    it('takes a canary as a part of the truth, changes its share, and drops it with the next shift', async () => {
      const whole = trafficTo({ release: 1, port, fence: 1 })
      const canary = { release: trafficTo({ release: 2, port, fence: 1 }).live, share: 0.05 }
      await shift({ ...whole, canary })
      expect(await live()).toEqual({ ...whole, canary })
      await shift({ ...whole, canary: { ...canary, share: 0.25 } })
      expect((await live())?.canary?.share).toBe(0.25)
      await shift(whole)
      expect(await live()).toEqual(whole)
      expect(await under.edge.drain({ app: shop, release: canary.release.release, requestGraceMs: 10_000, streamGraceMs: 10_000 }, unhurried)).toMatchObject({ cutRequests: 0 })
    })

    it('counts for each release and service what users asked and how it went', async () => {
      await shift(trafficTo({ release: 1, port, fence: 1 }))
      for (let i = 0; i < 3; i += 1) await under.visit(port)
      const { '1/web': counted } = await under.edge.counters(shop, unhurried)
      expect(counted).toMatchObject({ requests: 3, responses5xx: 3, inFlight: 0, failedPaths: ['/'] })
      expect(counted?.upstreamFailures).toBeGreaterThanOrEqual(3)
      expect(counted?.latency.counts.reduce((sum, count) => sum + count, 0)).toBe(3)
    })

    it('tidies where nothing is, and again', async () => {
      await under.edge.tidy({ maxBytes: 0, minFreeBytes: 0 }, unhurried)
      await under.edge.tidy({ maxBytes: 0, minFreeBytes: 0 }, unhurried)
    })

    it('has counted nothing for an app that it does not know', async () => {
      expect(await under.edge.counters(shop, unhurried)).toEqual({})
    })
  })
}

function trafficTo({ release, port, fence }: { release: number; port: number; fence: number }): Traffic {
  return trafficSchema.parse({
    app: 'shop',
    fence,
    entries: { web: { port, hosts: [] } },
    live: {
      release,
      targets: { web: { kind: 'instances', unit: `shop-web-r${release}`, addresses: [{ host: '127.0.0.1', port: 9 }] } },
      deploymentIds: {},
    },
    previous: [],
  })
}
