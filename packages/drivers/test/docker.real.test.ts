import { startAndWait, waitUntil } from '@plimsoll/engine/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPlace } from '../src/process/place.ts'
import { containersOf, makeDockerUnderTest, type DockerUnderTest } from './docker-under-test.ts'
import { whyNoDocker } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = await whyNoDocker(process.env)

// The driver contract in short; the whole of it is in docker-contract.full.test.ts.
describe.skipIf(missing !== undefined)(`the docker driver${missing === undefined ? '' : ` (${missing})`}`, () => {
  let under: DockerUnderTest
  beforeEach(async () => {
    under = await makeDockerUnderTest()
  })
  afterEach(() => under.dispose())

  it('runs instances that are reached from the machine and from beside, brings one back that crashes, and stops them', async () => {
    const unit = under.unit('serves', { instances: 2 })
    const instances = await startAndWait(under, unit)
    const ids = instances.map(({ id }) => id)
    const addresses = await under.driver.addresses(under.app, unit.unit, unit.spec)
    expect(await Promise.all(addresses.map((address) => under.ask(address)))).toEqual(ids)
    const inner = await under.driver.inner(under.app, unit.unit, unit.spec)
    expect(ids).toContain(inner && (await under.ask(inner)))
    if (instances[0] !== undefined) await under.crash(instances[0])
    await waitUntil('it is back', async () => (await under.another().observe(under.app, never))[0]?.restarts === 1, under)
    await Promise.all(instances.map(under.ready))
    expect(await under.driver.stop(under.app, unit.unit, 10_000, never)).toEqual({ instances: 2, killed: 0 })
    expect(await under.driver.observe(under.app, never)).toEqual([])
  })

  it('names the image that the engine does not have, and makes nothing', async () => {
    const unit = under.unit('serves')
    const image = `sha256:${'0'.repeat(64)}`
    await expect(under.driver.start({ ...unit, artifact: { ...unit.artifact, image } }, never)).rejects.toMatchObject({ code: 'IMAGE_MISSING', message: expect.stringContaining(image) })
    expect(await containersOf(openPlace(under.home).id)).toEqual([])
  })
})
