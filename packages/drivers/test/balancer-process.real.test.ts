import { waitUntil } from '@plimsoll/engine/contract'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { answers } from './process-under-test.ts'
import { realClock } from './real-clock.ts'

const program = new URL('../src/process/balancer-main.ts', import.meta.url).pathname

let home: string
let instance: Server
let balancer: ChildProcess
let port: number
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plimsoll-balancer-'))
  instance = await listening(createServer((socket) => socket.on('error', () => undefined).pipe(socket)))
  const file = join(home, 'ports.json')
  await writeFile(file, JSON.stringify([portOf(instance)]))
  const unused = await listening(createServer())
  port = portOf(unused)
  await new Promise((resolve) => unused.close(resolve))
  balancer = spawn(process.execPath, [program, String(port), file], { stdio: ['ignore', 'inherit', 'inherit'] })
  await waitUntil('it listens', () => answers(port), { clock: realClock })
})
afterEach(async () => {
  balancer.kill('SIGKILL')
  instance.close()
  await rm(home, { recursive: true })
})

it('takes no new connections when it is told to end, and ends by itself when the last one is over', async () => {
  const client = connect({ port, host: '127.0.0.1' })
  client.write('before')
  expect(String((await once(client, 'data'))[0])).toBe('before')
  const exit = once(balancer, 'exit')
  balancer.kill('SIGTERM')
  await waitUntil('it takes no connections any more', async () => !(await answers(port)), { clock: realClock })
  client.write('after')
  expect(String((await once(client, 'data'))[0])).toBe('after')
  client.end()
  expect(await exit).toEqual([0, null])
})

it('goes on with the instances that it knew when it cannot read where they are', async () => {
  await writeFile(join(home, 'ports.json'), '[')
  const client = connect({ port, host: '127.0.0.1' })
  client.end('still there')
  expect(String((await once(client, 'data'))[0])).toBe('still there')
})

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
