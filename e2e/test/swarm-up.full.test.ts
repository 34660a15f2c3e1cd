import { waitUntil } from '@plimsoll/engine/contract'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CommandEnd } from '../src/plimsoll/plimsoll-home.ts'
import { labClock } from '../src/swarm/lab-clock.ts'
import { createSmallStage, web, type SmallStage } from '../src/swarm/small-stage.ts'
import { whyNoSwarmLab } from '../src/swarm/why-no-swarm-lab.ts'

const missing = whyNoSwarmLab(process.env)
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })

describe.skipIf(missing !== undefined)(`in a cluster${missing === undefined ? '' : ` (${missing})`}`, () => {
  let stage: SmallStage
  beforeEach(async () => {
    stage = await createSmallStage()
  })
  afterEach(async () => {
    expect(await stage.leave()).toEqual([])
  })

  const release = async (): Promise<CommandEnd> => {
    const end = await stage.plimsoll.run(['release', '--to', 'production', '--json'], { cwd: stage.repo.directory })
    expect(end.code, `${end.out.slice(-6000)}${end.err}`).toBe(0)
    return end
  }

  test('a release to the cluster of plimsoll.config.ts serves at every edge, its units reach each other, and the next one takes its place', async () => {
    const { lab: { nodes: [first, second] }, ask, repo } = stage
    await release()
    for (const { host } of [first, second]) await waitUntil(`the edge at ${host} serves it`, () => ask(host) === 'one from the api', { clock: labClock, withinMs: 60_000 })
    await repo.write('web.mjs', web('two'))
    await release()
    expect([first, second].map(({ host }) => ask(host))).toEqual(['two from the api', 'two from the api'])
  })
})
