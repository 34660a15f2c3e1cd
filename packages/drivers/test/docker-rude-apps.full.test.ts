import { startAndWait, waitUntil } from '@plimsoll/engine/contract'
import type { Address } from '@plimsoll/model'
import { connect, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPlace } from '../src/process/place.ts'
import { containersOf, engine, makeDockerUnderTest, type DockerUnderTest } from './docker-under-test.ts'
import { whyNoDocker } from './stand-in/stand-in.ts'

const never = new AbortController().signal
const missing = await whyNoDocker(process.env)

// Programs as people have them, and what may befall them. Each takes seconds.
describe.skipIf(missing !== undefined)(`what may befall containers${missing === undefined ? '' : ` (${missing})`}`, () => {
  let under: DockerUnderTest
  beforeEach(async () => {
    under = await makeDockerUnderTest()
  })
  afterEach(() => under.dispose())

  it('lets whoever has requests to answer stay when a start command ends at once', async () => {
    const unit = under.runs('node programs.mjs leaves && true')
    await startAndWait(under, unit)
    const lines: string[] = []
    const enough = new AbortController()
    const followed = (async () => {
      for await (const { text } of under.driver.logs({ app: under.app, unit: unit.unit, tail: 10, follow: true }, enough.signal)) lines.push(text)
    })()
    expect(await under.driver.stop(under.app, unit.unit, 10_000, never)).toEqual({ instances: 1, killed: 0 })
    await waitUntil('it says that it is done', () => lines.includes('done'), under)
    enough.abort()
    await followed
  })

  it.each(['slim', 'minimal'] as const)('shows nobody who asks the engine what a Blueprint says, on the %s base', async (base) => {
    const here = await makeDockerUnderTest(base)
    try {
      const environment = { SECRET: `it's "$(odd)"\n`, NODE_ENV: 'production' }
      const [instance] = await startAndWait(here, here.runs(base === 'slim' ? 'node programs.mjs tells || exit 1' : 'node programs.mjs tells', { environment }))
      const told = await here.ask(instance?.address ?? { host: '', port: 1 })
      expect(JSON.parse(told ?? '{}')).toMatchObject({ ...environment, PORT: '10000', RENDER_INSTANCE_ID: instance?.id })
      const shown = await Promise.all((await containersOf(openPlace(here.home).id)).map((id) => engine.call({ path: `/containers/${id}/json`, to: 'look' }, never)))
      expect(shown).toHaveLength(1)
      expect(shown[0]?.body).toContain('NODE_ENV=production')
      expect(shown[0]?.body).not.toContain('odd')
    } finally {
      await here.dispose()
    }
  })

  it('says that memory was too short for what was killed for it', async () => {
    const { spec, ...unit } = under.runs('node programs.mjs hoards')
    await under.driver.start({ ...unit, spec: { ...spec, plan: 'starter' } }, never)
    const exit = await waitUntil('its end is seen', async () => (await under.driver.observe(under.app, never))[0]?.exit, under)
    expect(exit).toEqual({ code: null, signal: 'SIGKILL', because: 'it needed more than its 512 MB of memory' })
  })

  it('says that its port is taken, and starts when it is free again', async () => {
    const unit = under.unit('serves')
    const [address] = await under.driver.addresses(under.app, unit.unit, unit.spec)
    if (address === undefined) throw new Error('no address was settled')
    const other = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => other.listen(address.port, address.host, resolve))
    try {
      await expect(under.driver.start(unit, never)).rejects.toMatchObject({ code: 'PORT_TAKEN', message: expect.stringContaining(`${address.host}:${address.port}`) })
    } finally {
      await new Promise((resolve) => other.close(resolve))
    }
    await startAndWait(under, unit)
  })

  it.each(['slim', 'minimal'] as const)('tells where a server listens that listens only to itself, on the %s base', async (base) => {
    const here = await makeDockerUnderTest(base)
    try {
      const unit = here.runs('node programs.mjs whispers')
      const [instance] = await here.driver.start(unit, never)
      if (instance?.address === undefined) throw new Error('nothing was started')
      const { address } = instance
      const listening = await waitUntil('it listens', async () => {
        const found = await here.driver.listening(instance)
        return found.length === 2 && found
      }, here)
      expect(listening).toContainEqual({ host: '127.0.0.1', port: address.port })
      expect(listening).toContainEqual({ host: '0.0.0.0', port: 3000 })
      // And whoever asks is refused at once, so that the edge may let a request wait: none of it was sent.
      expect(await refusal(address)).toBe('ECONNREFUSED')
    } finally {
      await here.dispose()
    }
  })
})

/** How a connection fails; undefined when it is taken. */
function refusal({ host, port }: Address): Promise<unknown> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => (socket.destroy(), resolve(undefined)))
    socket.once('error', (error) => resolve('code' in error ? error.code : error))
  })
}
