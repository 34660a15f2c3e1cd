import { afterEach, beforeEach, expect, test } from 'vitest'
import { startNaiveFront } from '../src/shop/naive-front.ts'
import { shopTarget } from '../src/shop/shop-target.ts'
import type { Shop } from '../src/shop/start-shop.ts'
import type { FaultKind } from '../src/judge/fault.ts'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import type { Judgement } from '../src/judge/judge.ts'
import { pause } from '../src/load/pause.ts'
import { standardMix, type Mix } from '../src/load/mix.ts'
import { createShopWorld, type ShopWorld } from './shop-world.ts'
import { switchUnderLoad } from './switch-under-load.ts'

/** A switch as it is done wrong (or, once, right). */
interface Way {
  readonly environment?: Readonly<Record<string, string>>
  readonly repeatsWrites?: boolean
  readonly mix?: Mix
  readonly over: (scene: Scene) => Promise<void>
}

interface Scene {
  readonly old: Shop
  readonly startNext: () => Shop
  /** Lets each request go to one of these ports, in turn. */
  readonly sendTo: (...ports: number[]) => void
  readonly drained: (shop: Shop) => Promise<void>
  readonly asked: () => void
  readonly acknowledged: () => void
}

let world: ShopWorld
beforeEach(async () => {
  world = await createShopWorld()
})
afterEach(async () => {
  expect(await world.leave()).toEqual([])
})

async function judged({ environment, repeatsWrites, mix, over }: Way): Promise<Judgement> {
  let ports: number[] = []
  let turn = 0
  const front = await startNaiveFront({ pick: () => ports[turn++ % ports.length] ?? 1, repeatsWrites: repeatsWrites ?? false })
  let old = world.start(1, environment)
  ports = [await old.listening]
  try {
    return await switchUnderLoad({
      load: { target: shopTarget(front.port), ratePerSecond: 100, seed: 7, pace: 0.3, ...(mix !== undefined && { mix }) },
      first: 1,
      switches: 1,
      calmMs: 1000,
      switchOver: async (_before, after, told) => {
        const scene: Scene = {
          old,
          startNext: () => (old = world.start(after, environment)),
          sendTo: (...given) => void (ports = given),
          drained: async (shop) => front.drained(await shop.listening),
          ...told,
        }
        await over(scene)
      },
    })
  } finally {
    await front.close()
  }
}

function expectToFail(judgement: Judgement, kinds: readonly FaultKind[]): void {
  const seen = renderJudgement(judgement)
  expect(judgement.held, seen).toBe(false)
  expect(kinds.some((kind) => judgement.counts[kind] > 0), `none of ${kinds.join(', ')} in\n${seen}`).toBe(true)
}

test('the judge holds a switch that starts beside, waits until it listens, moves, drains and only then stops', async () => {
  const judgement = await judged({
    over: async ({ old, startNext, sendTo, drained, asked, acknowledged }) => {
      const port = await startNext().listening
      asked()
      sendTo(port)
      acknowledged()
      await drained(old)
      await old.end('SIGTERM')
    },
  })
  expect(judgement.held, renderJudgement(judgement)).toBe(true)
})

test('the judge fails a switch that kills the old release first', async () => {
  const judgement = await judged({
    over: async ({ old, startNext, sendTo, asked, acknowledged }) => {
      await old.end('SIGKILL')
      const port = await startNext().listening
      asked()
      sendTo(port)
      acknowledged()
    },
  })
  expectToFail(judgement, ['status'])
  expectToFail(judgement, ['cut'])
})

test('the judge fails a switch that does not drain', async () => {
  const judgement = await judged({
    environment: { SHOP_GRACEFUL: '0' },
    over: async ({ old, startNext, sendTo, asked, acknowledged }) => {
      const port = await startNext().listening
      asked()
      sendTo(port)
      acknowledged()
      await old.end('SIGTERM')
    },
  })
  expectToFail(judgement, ['cut'])
})

test('the judge fails a switch that does not wait until the new release is healthy', async () => {
  const judgement = await judged({
    environment: { SHOP_BOOT_MS: '700' },
    over: async ({ old, startNext, sendTo, drained, asked, acknowledged }) => {
      const next = startNext()
      asked()
      sendTo(1)
      acknowledged()
      sendTo(await next.listening)
      await drained(old)
      await old.end('SIGTERM')
    },
  })
  expectToFail(judgement, ['status'])
})

test('the judge fails a switch after which both releases answer in turn', async () => {
  const judgement = await judged({
    over: async ({ old, startNext, sendTo, drained, asked, acknowledged }) => {
      const [before, after] = [await old.listening, await startNext().listening]
      asked()
      sendTo(before, after)
      acknowledged()
      await pause(600)
      sendTo(after)
      await drained(old)
    },
  })
  expectToFail(judgement, ['stale'])
})

test('the judge fails a switch that lets both releases answer until it is acknowledged', async () => {
  const judgement = await judged({
    over: async ({ old, startNext, sendTo, drained, asked, acknowledged }) => {
      const [before, after] = [await old.listening, await startNext().listening]
      asked()
      sendTo(before, after)
      await pause(600)
      sendTo(after)
      acknowledged()
      await drained(old)
    },
  })
  expectToFail(judgement, ['blended'])
})

test('the judge fails a switch that is acknowledged before it is made', async () => {
  const judgement = await judged({
    over: async ({ old, startNext, sendTo, drained, asked, acknowledged }) => {
      const port = await startNext().listening
      asked()
      acknowledged()
      await pause(500)
      sendTo(port)
      await drained(old)
    },
  })
  expectToFail(judgement, ['stale'])
})

test('the judge fails a front that sends writes twice', async () => {
  const judgement = await judged({
    repeatsWrites: true,
    mix: { ...standardMix, events: 0, socket: 0 },
    over: async ({ startNext, sendTo, asked, acknowledged }) => {
      const port = await startNext().listening
      asked()
      sendTo(port)
      acknowledged()
    },
  })
  expectToFail(judgement, ['duplicated'])
})

test('the judge fails a switch that forgets the chunks and actions of pages that are still open', async () => {
  let release = 1
  const environment = { get SHOP_DEPLOYMENT_ID() { return `d${release}` } }
  const judgement = await judged({
    environment,
    over: async ({ old, startNext, sendTo, drained, asked, acknowledged }) => {
      release = 2
      const port = await startNext().listening
      asked()
      sendTo(port)
      acknowledged()
      await drained(old)
    },
  })
  expectToFail(judgement, ['status'])
})

test('the judge fails a switch that hangs up on streams and sockets', async () => {
  const judgement = await judged({
    over: async ({ old, startNext, sendTo, asked, acknowledged }) => {
      const port = await startNext().listening
      asked()
      sendTo(port)
      acknowledged()
      await pause(200)
      await old.end('SIGTERM')
    },
  })
  // Whether a message was unanswered at that moment decides between the two.
  expectToFail(judgement, ['hung-up', 'cut'])
})
