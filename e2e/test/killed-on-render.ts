import { expect } from 'vitest'
import type { RenderWorld } from './render-world.ts'

/** Kills Plimsoll at `point` of a release, and holds that it goes on to its end, with one deploy of each service. */
export async function holdGoesOn(world: RenderWorld, point: string): Promise<void> {
  const commit = await world.change()
  expect(await world.killedAt(point)).toMatchObject({ state: 'live', outcome: { is: 'completed' } })
  expect([world.serving(), world.asked(commit)]).toEqual([[commit, commit], [1, 1]])
}

/** Kills Plimsoll at `point` of a release whose second service cannot be built, and holds that it ends as that, with what was live before. */
export async function holdTakenBack(world: RenderWorld, point: string): Promise<void> {
  const before = world.serving()
  const backBefore = world.wentBack(before[0])
  world.pushesDeploy()
  const commit = await world.change()
  world.render.fate('mailer', 'build fails')
  expect(await world.killedAt(point)).toMatchObject({ state: 'undone', outcome: { is: 'undone', at: 'deploy', problem: { code: 'BUILD_FAILED' } } })
  expect([world.serving(), world.asked(commit), world.autoDeploys()]).toEqual([before, [1, 1], ['no', 'no']])
  expect(world.wentBack(before[0])).toBe(backBefore + 1)
}
