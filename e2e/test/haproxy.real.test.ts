import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { locateHaproxy } from '@plimsoll/edge'
import { whyNoHaproxy } from '@plimsoll/edge/why-no-haproxy'
import { expect, test } from 'vitest'
import { createEdgeStage } from './edge-stage.ts'
import { holdThroughSwitches } from './hold-through-switches.ts'
import { createShopWorld } from './shop-world.ts'

const full = process.env['PLIMSOLL_E2E'] === 'full'
const switches = full ? 20 : 3
const ratePerSecond = full ? 300 : 100
const skipped = whyNoHaproxy(process.env)

test.skipIf(skipped !== undefined)(skipped ?? `behind HAProxy nothing is lost, blended or duplicated in ${switches} switches of two services under ${ratePerSecond} arrivals a second`, { timeout: 300_000 }, async () => {
  const world = await createShopWorld()
  try {
    const stage = await createEdgeStage(world, undefined, locateHaproxy(process.env['PATH']))
    try {
      await holdThroughSwitches(stage, { switches, ratePerSecond, seed: 13, told: full })
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
