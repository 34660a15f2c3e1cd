import { startAndWait, waitUntil } from '@plimsoll/engine/contract'
import type { Address } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPlace } from '../src/process/place.ts'
import { containersOf, engine, makeDockerUnderTest, programsOn, type DockerUnderTest } from './docker-under-test.ts'
import { layerOn, whyNoDocker } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = await whyNoDocker(process.env)

describe.skipIf(missing !== undefined)(`the docker driver${missing === undefined ? '' : ` (${missing})`}`, () => {
  let under: DockerUnderTest
  beforeEach(async () => {
    under = await makeDockerUnderTest()
  })
  afterEach(() => under.dispose())

  it('names the image that the engine does not have, and makes nothing', async () => {
    const unit = under.unit('serves')
    const image = `sha256:${'0'.repeat(64)}`
    await expect(under.driver.start({ ...unit, artifact: { ...unit.artifact, image } }, never)).rejects.toMatchObject({ code: 'IMAGE_MISSING', message: expect.stringContaining(image) })
    expect(await containersOf(openPlace(under.home).id)).toEqual([])
  })

  it('starts an instance again that somebody has killed by the engine, and none that it is told to stop', async () => {
    const unit = under.unit('serves')
    const [before] = await startAndWait(under, unit)
    under.driver.keepUp(() => expect.unreachable('nothing goes wrong'))
    const [id] = await containersOf(openPlace(under.home).id)
    await engine.call({ method: 'POST', path: `/containers/${id}/kill`, to: 'kill it' }, never)
    await waitUntil('it answers again', async () => before?.address !== undefined && (await under.ask(before.address)) === before.id, under)
    expect(await under.driver.stop(under.app, unit.unit, 0, never)).toMatchObject({ instances: 1 })
    expect(await containersOf(openPlace(under.home).id)).toEqual([])
  })

  it('tells which addresses of the app a unit reaches, from where it lives, and says nothing of others', async () => {
    const [own, other] = [under.unit('serves', { release: 2 }), under.unit('serves', { release: 3 })]
    await startAndWait(under, own)
    const inner = await under.driver.inner(under.app, own.unit, own.spec)
    if (inner === undefined) throw new Error('a server has an inner address')
    const ask = (address: Address, of = own) => under.driver.reach({ app: under.app, unit: of.unit, address }, never)
    expect(await ask(inner)).toEqual({ is: 'healthy' })
    expect(await ask({ ...inner, port: 9 })).toEqual({ is: 'unreachable', reason: 'refused' })
    // A release that does not run is nowhere; who is to be asked and does not run either is stood in for.
    expect(await ask({ ...inner, host: inner.host.replace('-r2.', '-r3.') }, other)).toMatchObject({ is: 'unreachable' })
    expect(await ask({ host: 'db.example.com', port: 5432 })).toBeUndefined()
    await under.driver.stop(under.app, own.unit, 0, never)
    expect(await ask(inner)).toMatchObject({ is: 'unknown' })
  })

  it('runs the command of an image whose Dockerfile was written for the start command, which has no package manager to run that with', async () => {
    const base = await programsOn('slim')
    const written = await layerOn(engine, { base, layer: { name: 'plimsoll-test-written', files: [], changes: ['LABEL plimsoll.dockerfile=written', 'CMD ["node", "programs.mjs", "serves"]'] } }, never)
    const unit = under.runs('pnpm --filter shop start')
    const [instance] = await startAndWait(under, { ...unit, artifact: { ...unit.artifact, image: written.id } })
    expect(instance?.address && (await under.ask(instance.address))).toBe(instance?.id)
  })

  it("tells what the check of an image says, and what that printed, but for one whose Dockerfile was written: it asks what is asked anyway", async () => {
    const check = 'HEALTHCHECK --interval=500ms --retries=1 CMD ["node", "-e", "console.log(`no cache`); process.exit(1)"]'
    const base = await programsOn('slim')
    const own = await layerOn(engine, { base, layer: { name: 'plimsoll-test-checked', files: [], changes: [check] } }, never)
    const written = await layerOn(engine, { base, layer: { name: 'plimsoll-test-checked', files: [], changes: [check, 'LABEL plimsoll.dockerfile=written', 'CMD ["node", "programs.mjs", "serves"]'] } }, never)
    const [unit, beside] = [under.unit('serves'), under.unit('serves', { release: 2 })]
    await under.driver.start({ ...unit, artifact: { ...unit.artifact, image: own.id } }, never)
    await under.driver.start({ ...beside, artifact: { ...beside.artifact, image: written.id } }, never)
    const seen = async () => (await under.driver.observe(unit.app, never)).map(({ health }) => health)
    await waitUntil('the check has run', async () => (await seen())[0]?.is === 'unhealthy', under)
    expect(await seen()).toEqual([{ is: 'unhealthy', says: 'no cache' }, undefined])
  })
})
