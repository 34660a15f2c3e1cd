import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { locateHaproxy } from '@plimsoll/edge'
import { whyNoHaproxy } from '@plimsoll/edge/why-no-haproxy'
import { expect, test } from 'vitest'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import { shopTarget } from '../src/shop/shop-target.ts'
import { createEdgeStage, switchOn } from './edge-stage.ts'
import { createShopWorld } from './shop-world.ts'
import { switchUnderLoad } from './switch-under-load.ts'

const full = process.env['PLIMSOLL_E2E'] === 'full'
const switches = full ? 20 : 3
const ratePerSecond = full ? 300 : 100
const skipped = whyNoHaproxy(process.env)

test.skipIf(skipped !== undefined)(skipped ?? `behind HAProxy nothing is lost, blended or duplicated in ${switches} switches of two services under ${ratePerSecond} arrivals a second`, { timeout: 300_000 }, async () => {
  const world = await createShopWorld()
  try {
    const stage = await createEdgeStage(world, undefined, locateHaproxy(process.env['PATH']))
    try {
      await stage.raise(1)
      await stage.moveTo(1)
      const judgement = await switchUnderLoad({
        load: { target: shopTarget(stage.webPort, stage.apiPort), ratePerSecond, seed: 13 },
        first: 1,
        switches,
        // A tab of the load is open for up to two switches: with less between them it would be older than what stays warm.
        calmMs: 1500,
        switchOver: switchOn(stage),
      })
      const seen = renderJudgement(judgement)
      if (full) console.log(seen)
      expect(judgement.held, seen).toBe(true)
      const reports = await stage.retired()
      expect(reports).toHaveLength(switches - 2)
      expect(reports.every(({ cutRequests, cutStreams }) => cutRequests === 0 && cutStreams === 0)).toBe(true)
      expect(await answeredWithoutTheEdge(world.home)).toBeGreaterThan(ratePerSecond)
    } finally {
      await stage.close()
    }
  } finally {
    expect(await world.leave()).toEqual([])
  }
})

/** How many requests went from HAProxy straight to a unit. */
async function answeredWithoutTheEdge(home: string): Promise<number> {
  const directory = join(home, 'edge')
  const control = (await readdir(directory)).find((name) => /^h\d+\.sock$/.test(name)) ?? ''
  const socket = connect(join(directory, control))
  socket.end('show stat\n')
  let csv = ''
  for await (const chunk of socket.setEncoding('utf8')) csv += String(chunk)
  const totals = csv.split('\n').filter((line) => /^lane\d+,BACKEND,/.test(line)).map((line) => Number(line.split(',')[7]))
  return totals.reduce((sum, total) => sum + total, 0)
}
