import { releaseNumberSchema } from '@plimsoll/model'
import { expect, it } from 'vitest'
import { blueGreen } from './blue-green.ts'
import { releaseWorld, shop } from './fakes/release-world.ts'
import { unitOf } from './release-units.ts'

it('wires the units of a release to the inner address of a service with several instances, and to no single one of them', async () => {
  const { world, driver, release } = releaseWorld()
  world.specs = world.specs.map((spec) => (spec.service === 'api' ? { ...spec, instances: 2 } : spec))
  await release(1, blueGreen.steps)
  const [web, api] = world.specs
  if (web === undefined || api === undefined) throw new Error('the world has no services')
  const unit = (spec: typeof web) => unitOf({ app: shop }, spec, { release: releaseNumberSchema.parse(1), keeps: {} })
  const instances = await driver.addresses(shop, unit(api), api)
  expect(world.wired).toEqual({ web: (await driver.addresses(shop, unit(web), web))[0], api: await driver.inner(shop, unit(api), api) })
  expect(instances).not.toContainEqual(world.wired['api'])
})
