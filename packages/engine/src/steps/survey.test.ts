import { expect, test } from 'vitest'
import { inPlaceWorld } from '../fakes/in-place-world.ts'
import type { Planned } from './plan.ts'
import { survey } from './survey.ts'

const plannedIn = ({ specs, world }: ReturnType<typeof inPlaceWorld>): Planned => ({ blueprint: JSON.stringify(world.variables), specs, wanted: { databases: [], keyValues: [] }, entries: {} })

test('tells all that would be changed and which services run something else, and changes nothing, however often', async () => {
  const world = inPlaceWorld()
  const given = await survey.run(world.context(1), plannedIn(world))
  expect(given).toMatchObject({ changes: [{ is: 'create', name: 'web' }, { is: 'create', name: 'api', services: ['api', 'web'] }], behind: ['web', 'api'] })
  expect(await survey.run(world.context(1), plannedIn(world))).toEqual(given)
  expect(world.platform.workspace.services.size).toBe(0)
})

test('ends the release only when nothing differs and every service runs its commit', async () => {
  const world = inPlaceWorld()
  await world.release(1)
  expect(survey.ends?.(await survey.run(world.context(2), plannedIn(world)))).toBe(true)
  world.world.commit = 'b'.repeat(40)
  expect(survey.ends?.(await survey.run(world.context(2), plannedIn(world)))).toBe(false)
})

test('what it gives is plain data that its schema understands', async () => {
  const world = inPlaceWorld()
  const given = await survey.run(world.context(1), plannedIn(world))
  expect(survey.gives.parse(JSON.parse(JSON.stringify(given)))).toEqual(given)
})
