import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { apiVersion, clusterMarkIn } from '@plimsoll/api/launch'
import { createClient } from '@plimsoll/client'
import { contract } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { findApi, isOutOfDate } from './connect.ts'

const app = { name: 'shop', root: '/shop', createdAt: '2026-01-01T12:00:00.000Z', live: null, previous: [], underWay: null, services: [] }
const cluster = { PLIMSOLL_SWARM_MANAGERS: 'tcp://10.0.0.11:2376', PLIMSOLL_SWARM_REGISTRY: 'registry.example.com/shop', PLIMSOLL_SWARM_EDGE_IMAGE: 'registry.example.com/edge@sha256:1' }
const { createdAt: _, ...ofBefore } = app

test.each([
  ['is of the same build', { version: apiVersion, apps: [app] }, {}, false],
  ['is of another version', { version: '0.0.0', apps: [app] }, {}, true],
  ['says the same version, and answers what is not understood', { version: apiVersion, apps: [ofBefore] }, {}, true],
  ['is of another build, and runs a release', { version: apiVersion, apps: [{ ...ofBefore, underWay: { number: 7 } }] }, {}, false],
  ['cannot tell of its apps now', { version: apiVersion, apps: undefined }, {}, false],
  ['has no console, and there is one', { version: apiVersion, apps: [app] }, { PLIMSOLL_CONSOLE: '/console/server.js' }, true],
  ['knows no cluster, and one is named', { version: apiVersion, apps: [app] }, cluster, true],
  ['knows the cluster that is named', { version: apiVersion, apps: [app], cluster: clusterMarkIn(cluster) }, cluster, false],
  ['knows it with other settings', { version: apiVersion, apps: [app], cluster: clusterMarkIn({ ...cluster, PLIMSOLL_SWARM_EDGE_PORT: '8080' }) }, cluster, true],
  ['knows it with other settings, and runs a release', { version: apiVersion, apps: [{ ...app, underWay: { number: 7 } }], cluster: 'another' }, cluster, false],
  ['knows a cluster, and none is named', { version: apiVersion, apps: [app], cluster: 'another' }, {}, false],
])('whether a Plimsoll is replaced that %s', async (...[, told, environment, replaced]) => {
  const { version, apps } = told
  const answer = async (url: URL | string | Request): Promise<Response> => {
    if (String(url).endsWith('/healthz')) return Response.json({ ok: true, version, pid: 1, ...('cluster' in told && { cluster: told.cluster }) })
    return apps === undefined ? Response.json({ code: 'EDGE_DOWN', message: 'The edge does not answer' }, { status: 503 }) : Response.json(apps)
  }
  const client = createClient({ baseUrl: 'http://api.test', token: 't', fetch: answer as typeof globalThis.fetch })
  expect(await isOutOfDate(client, { environment, interrupted: new AbortController().signal })).toBe(replaced)
})

test('what is asked belongs to the trace of the job that asks', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const heard: unknown[] = []
  const server = createServer((request, response) => {
    heard.push(request.headers['traceparent'])
    response.end(JSON.stringify({ ok: true, version: apiVersion, pid: 1 }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const TRACEPARENT of [traceparent, 'words', undefined]) {
    const client = await findApi({ environment: { TRACEPARENT }, interrupted: new AbortController().signal, server: () => ({ url, token: 't' }) })
    await client?.call(contract.health, {})
  }
  server.closeAllConnections()
  server.close()
  expect(heard).toEqual([traceparent, undefined, undefined])
})
