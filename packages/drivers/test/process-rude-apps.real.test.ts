import { startAndWait, waitUntil } from '@plimsoll/engine/contract'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeListening } from '../src/process/describe-listening.ts'
import { answers, app, makeProcessUnderTest, only, runs, type ProcessUnderTest } from './process-under-test.ts'

const never = new AbortController().signal

let under: ProcessUnderTest
beforeEach(async () => {
  under = await makeProcessUnderTest()
})
afterEach(() => under.dispose())

describe('what an instance really listens on', () => {
  it('is nothing while it opens no port', async () => {
    const instance = only(await under.driver.start(runs('node hangs.mjs'), never))
    await printed('thinking')
    expect(await describeListening(instance)).toEqual([])
  })

  it('is ::1 for one that only listens there', async () => {
    const instance = only(await under.driver.start(runs('node listens-on-ipv6-only.mjs'), never))
    expect(await firstPort(instance)).toEqual([{ host: '::1', port: instance.address?.port }])
  })

  it('is another port for one that ignores PORT', async () => {
    const port = await unusedPort()
    const instance = only(await under.driver.start(runs('node ignores-port.mjs', { environment: { OWN_PORT: String(port) } }), never))
    expect(await firstPort(instance)).toEqual([{ host: '127.0.0.1', port }])
  })

  it('is found behind a shell', async () => {
    const instance = only(await under.driver.start(runs('/bin/sh -c "node serves.mjs; exit $?"'), never))
    expect(await firstPort(instance)).toEqual([instance.address])
  })
})

describe('rude apps', () => {
  it('show that they ended, with the last thing they said', async () => {
    await under.driver.start(runs('node exits.mjs'), never)
    await waitUntil('the exit is seen', async () => only(await under.driver.observe(app, never)).exit, under)
    expect(await lines()).toContain('cannot find my configuration')
  })

  it('are started again when they die after a healthy time', async () => {
    const before = only(await startAndWait(under, runs('node healthy-then-dies.mjs')))
    await get(before.address?.port)
    const after = await waitUntil('it runs again', async () => {
      const now = only(await under.driver.observe(app, never))
      return now.state === 'running' && now.restarts === 1 && now
    }, under)
    expect(after).toMatchObject({ id: before.id, address: before.address })
  })

  it('are stopped with what they put into sessions of its own', async () => {
    const unit = runs('node forks-a-grandchild.mjs')
    await startAndWait(under, unit)
    await waitUntil('the grandchild is there', async () => (await under.processes()) === 2, under)
    expect(await under.driver.stop(app, unit.unit, 500, never)).toMatchObject({ instances: 1 })
    expect(await under.processes()).toBe(0)
  })

  it('without a signal handler end at once', async () => {
    const unit = runs('node no-handler.mjs')
    await startAndWait(under, unit)
    expect(await under.driver.stop(app, unit.unit, 10_000, never)).toEqual({ instances: 1, killed: 0 })
  })
})

describe('SIGTERM', () => {
  const wrappers = {
    'nothing around it': 'node counts-signals.mjs',
    'a shell around it': '/bin/sh -c "node counts-signals.mjs; exit $?"',
    'two shells around it': '/bin/sh -c "/bin/bash -c \'node counts-signals.mjs; exit\'; exit $?"',
    'a runner around it that passes signals on': 'node npm.cjs counts-signals.mjs',
  }
  it.each(Object.entries(wrappers))('reaches a server with %s exactly once', async (_, startCommand) => {
    const file = join(under.home, 'signals')
    const unit = runs(startCommand, { environment: { COUNT_FILE: file } })
    await startAndWait(under, unit)
    expect(await under.driver.stop(app, unit.unit, 10_000, never)).toEqual({ instances: 1, killed: 0 })
    expect(await readFile(file, 'utf8')).toBe('1')
  })
})

async function firstPort(instance: Parameters<typeof describeListening>[0]) {
  return waitUntil('it listens', async () => {
    const found = await describeListening(instance)
    return found.length > 0 && found
  }, under)
}

async function lines(): Promise<string[]> {
  const texts: string[] = []
  for await (const { text } of under.driver.logs({ app, unit: runs('').unit, tail: 50, follow: false }, never)) texts.push(text)
  return texts
}

async function printed(text: string): Promise<void> {
  await waitUntil(`it prints ${text}`, async () => (await lines()).includes(text), under)
}

function get(port: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port }, (response) => response.resume().once('close', resolve)).once('error', reject).end()
  })
}

async function unusedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  expect(await answers(port)).toBe(false)
  return port
}
