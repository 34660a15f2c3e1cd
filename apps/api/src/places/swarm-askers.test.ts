import { createTunnels, type SwarmDriver } from '@plimsoll/drivers/swarm'
import type { CandidateUnit } from '@plimsoll/engine'
import { appNameSchema, releaseNumberSchema, serviceNameSchema, unitName } from '@plimsoll/model'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { nearProbe, swarmAskers } from './swarm-askers.ts'

const never = new AbortController().signal
const [app, service, release] = [appNameSchema.parse('shop'), serviceNameSchema.parse('web'), releaseNumberSchema.parse(1)]
/** Means something in the cluster alone. */
const address = { host: '1.web-r1.shop.internal', port: 10_000 }

/** A cluster in which only this server is, at whatever address, while it listens. */
async function clusterWith(answer: (path: string) => string) {
  const server = createServer((request, response) => response.end(answer(request.url ?? '')))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  onTestFinished(() => void server.close())
  const dial: SwarmDriver['dial'] = (_app, _address, signal) => new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, signal })
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })
  return { driver: { dial }, server }
}

const unit: CandidateUnit = {
  unit: { name: unitName(app, service, release), service, release }, environment: {}, files: '/nowhere', addresses: [address], reach: async () => undefined,
  spec: { service, kind: 'web', runtime: 'docker', rootDir: '', reaches: [], maxShutdownDelayMs: 1_000, instances: 1, healthCheckPath: '/healthz' },
}

test('a service is asked at its health path before users meet it, at an address of the cluster', async () => {
  const asked: string[] = []
  const { driver } = await clusterWith((path) => `${asked.push(path)}`)
  expect(await swarmAskers(driver, app).warmUp(unit, never)).toMatchObject({ service: 'web', requests: 10 })
  expect(new Set(asked)).toEqual(new Set(['/healthz']))
})

test('who asks through a tunnel is told that nobody takes a connection behind it, though the tunnel does', async () => {
  const { driver, server } = await clusterWith(() => 'well')
  const tunnels = createTunnels(driver)
  onTestFinished(() => tunnels.close())
  const near = { address: await tunnels.to(app, address), timeoutMs: 5_000 }
  const probe = nearProbe(driver, tunnels)
  expect(await probe.http({ ...near, path: '/' }, never)).toEqual({ is: 'healthy', status: 200 })
  expect(await probe.tcp(near, never)).toEqual({ is: 'healthy' })
  server.close()
  expect(await probe.tcp(near, never)).toEqual({ is: 'unreachable', reason: 'refused' })
  await tunnels.close()
  expect(await probe.tcp(near, never)).toEqual({ is: 'unreachable', reason: 'refused' })
})
