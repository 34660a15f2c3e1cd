import { waitUntil } from '@plimsoll/engine/contract'
import { appNameSchema } from '@plimsoll/model'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyValues, type KeyValues } from '../src/process/key-values.ts'
import { findKeyValueServer } from '../src/process/key-value-server.ts'
import { callRedis } from '../src/process/redis-call.ts'
import { readRunning } from '../src/process/running.ts'
import { openPlace } from '../src/process/place.ts'
import { realClock } from './real-clock.ts'

const app = appNameSchema.parse('shop')
const never = new AbortController().signal
const isThere = await findKeyValueServer('cache').then(() => true, () => false)
const isRequired = (process.env['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('redis')

describe.skipIf(!isThere && !isRequired)(`key-value services${isThere ? '' : ' (skipped: no valkey-server or redis-server)'}`, () => {
  let home: string
  let made: KeyValues[]
  const create = () => {
    const keyValues = createKeyValues({ home, clock: realClock, report: console.error })
    made.push(keyValues)
    return keyValues
  }
  const pids = async () => [...(await readRunning(openPlace(home), [])).keys()]

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'plimsoll-keyvalues-'))
    made = []
  })
  afterEach(async () => {
    await create().destroy(app, never)
    await Promise.all(made.map((keyValues) => keyValues.close()))
    await rm(home, { recursive: true, force: true })
  })

  const wanted = { keyValues: [{ name: 'Cache', maxmemoryPolicy: 'noeviction', persistenceMode: 'snapshot' }] }

  it('starts a server that answers to its own password only', async () => {
    const { Cache: server } = await create().ensure(app, wanted, never)
    if (server?.password === undefined) throw new Error('no server, or one without password')
    expect(await callRedis({ ...server, password: server.password }, [['PING']])).toEqual({ is: 'reply', text: 'PONG' })
    expect(await callRedis({ ...server, password: 'guess' }, [['PING']])).toMatchObject({ is: 'error' })
  })

  it('keeps the password out of the command line and out of the reach of others', async () => {
    const { Cache: server } = await create().ensure(app, wanted, never)
    const [pid] = await pids()
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    expect(words).not.toContain(server?.password)
    const directory = await onlyDirectory(home)
    expect((await stat(join(directory, 'server.conf'))).mode & 0o077).toBe(0)
    expect((await stat(join(directory, 'keyvalue.json'))).mode & 0o077).toBe(0)
  })

  it('finds the running server again, with its data, from another object', async () => {
    const first = await create().ensure(app, wanted, never)
    const server = { ...first['Cache'], password: first['Cache']?.password ?? '' } as { host: string; port: number; password: string }
    await callRedis(server, [['SET', 'basket', 'full']])
    const before = await pids()
    expect(await create().ensure(app, wanted, never)).toEqual(first)
    expect(await pids()).toEqual(before)
    expect(await callRedis(server, [['EXISTS', 'basket']])).toEqual({ is: 'reply', text: '1' })
  })

  it('gives a running server changed settings without ending it', async () => {
    const first = await create().ensure(app, wanted, never)
    const before = await pids()
    await create().ensure(app, { keyValues: [{ name: 'Cache', maxmemoryPolicy: 'volatile-ttl' }] }, never)
    expect(await pids()).toEqual(before)
    const config = await readFile(join(await onlyDirectory(home), 'server.conf'), 'utf8')
    expect(config).toContain('maxmemory-policy "volatile-ttl"')
    expect(first['Cache']?.port).toBeGreaterThan(20_999)
  })

  it('starts a server again that was killed, at its port', async () => {
    const keyValues = create()
    const first = await keyValues.ensure(app, wanted, never)
    const [pid] = await pids()
    if (pid === undefined) throw new Error('nothing runs')
    process.kill(pid, 'SIGKILL')
    await waitUntil('another one runs', async () => {
      const [now] = await pids()
      return now !== undefined && now !== pid
    }, { clock: realClock })
    expect(await keyValues.ensure(app, wanted, never)).toEqual(first)
  })

  it('takes up what died while nobody watched', async () => {
    const first = create()
    await first.ensure(app, wanted, never)
    await first.close()
    const [pid] = await pids()
    if (pid === undefined) throw new Error('nothing runs')
    process.kill(pid, 'SIGKILL')
    await waitUntil('it is gone', async () => (await pids()).length === 0, { clock: realClock })
    await create().supervise(never)
    expect(await pids()).toHaveLength(1)
  })

  it('ends every server when it is stopped, also twice, and takes them up again with their data', async () => {
    const keyValues = create()
    const first = await keyValues.ensure(app, wanted, never)
    const server = { ...first['Cache'], password: first['Cache']?.password ?? '' } as { host: string; port: number; password: string }
    await callRedis(server, [['SET', 'basket', 'full']])
    await keyValues.stop(never)
    await keyValues.stop(never)
    expect(await pids()).toEqual([])
    const again = create()
    await again.supervise(never)
    expect(await again.ensure(app, wanted, never)).toEqual(first)
    expect(await callRedis(server, [['EXISTS', 'basket']])).toEqual({ is: 'reply', text: '1' })
  })

  it('leaves nothing behind when it is destroyed, also twice', async () => {
    const keyValues = create()
    await keyValues.ensure(app, wanted, never)
    await keyValues.destroy(app, never)
    await keyValues.destroy(app, never)
    expect(await pids()).toEqual([])
  })
})

describe('a machine without a key-value server', () => {
  it('is told apart, with what to install', async () => {
    const home = await mkdtemp(join(tmpdir(), 'plimsoll-keyvalues-'))
    const keyValues = createKeyValues({ home, clock: realClock, searchPath: '/nowhere' })
    await expect(keyValues.ensure(app, { keyValues: [{ name: 'cache' }] }, never)).rejects.toMatchObject({ code: 'TOOL_MISSING' })
    await rm(home, { recursive: true })
  })
})

async function onlyDirectory(home: string): Promise<string> {
  const [name] = await readdir(join(home, 'keyvalues', app))
  return join(home, 'keyvalues', app, name ?? '')
}
