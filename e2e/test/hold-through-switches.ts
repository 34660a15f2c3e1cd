import { expect } from 'vitest'
import { renderJudgement } from '../src/judge/render-judgement.ts'
import { shopTarget } from '../src/shop/shop-target.ts'
import { type createEdgeStage, switchOn } from './edge-stage.ts'
import { switchUnderLoad } from './switch-under-load.ts'

export interface Switching {
  readonly switches: number
  readonly ratePerSecond: number
  readonly seed: number
  /** Prints what was seen also where all held. */
  readonly told: boolean
}

/** Fails unless the stage goes through all switches under load with nothing lost, blended or duplicated, and retires all but the last two releases without a cut. */
export async function holdThroughSwitches(stage: Awaited<ReturnType<typeof createEdgeStage>>, { switches, ratePerSecond, seed, told }: Switching): Promise<void> {
  await stage.raise(1)
  await stage.moveTo(1)
  const judgement = await switchUnderLoad({
    load: { target: shopTarget(stage.webPort, stage.apiPort), ratePerSecond, seed },
    first: 1,
    switches,
    // A tab of the load is open for up to two switches: with less between them it would be older than what stays warm.
    calmMs: 1500,
    switchOver: switchOn(stage),
  })
  const seen = renderJudgement(judgement)
  if (told) console.log(seen)
  expect(judgement.held, seen).toBe(true)
  const reports = await stage.retired()
  expect(reports).toHaveLength(switches - 2)
  expect(reports.every(({ cutRequests, cutStreams }) => cutRequests === 0 && cutStreams === 0)).toBe(true)
}
