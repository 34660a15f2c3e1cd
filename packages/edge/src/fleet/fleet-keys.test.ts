import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fleetSecrets, isPeer, pinned } from './fleet-keys.ts'
import { selfSigned } from './self-signed.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plimsoll-keys-'))
})
afterEach(async () => rm(home, { recursive: true, force: true }))

test('a certificate is signed by its own key, valid now and in a hundred years', () => {
  const { key, certificate } = selfSigned('plimsoll-edge')
  const read = new X509Certificate(certificate)
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true)
  expect(read.verify(read.publicKey)).toBe(true)
  expect(read.subject).toBe('CN=plimsoll-edge')
  expect(read.ca).toBe(false)
  expect(read.validFromDate.getTime()).toBeLessThan(Date.now())
  expect(read.validToDate.getFullYear()).toBeGreaterThan(2126)
})

test('keys are made once, also by several at the same time, and are their owner’s alone', async () => {
  const all = await Promise.all(Array.from({ length: 3 }, async () => fleetSecrets(home)))
  const again = await fleetSecrets(home)
  for (const each of all) expect(each).toEqual(again)
  expect(again.controller.peer).toBe(again.edge.certificate)
  expect(again.edge.peer).toBe(again.controller.certificate)
  expect((await stat(join(home, 'edge-fleet', 'keys.json'))).mode & 0o777).toBe(0o600)
})

test('damaged keys are refused with their place, and not made anew', async () => {
  await fleetSecrets(home)
  const path = join(home, 'edge-fleet', 'keys.json')
  await writeFile(path, '{')
  await expect(fleetSecrets(home)).rejects.toMatchObject({ code: 'EDGE_DOWN', details: { path } })
})

test('the pinned certificate is the other side, and no other one is, whatever it is called', async () => {
  const { controller, edge } = await fleetSecrets(home)
  const raw = (pem: string): Buffer => new X509Certificate(pem).raw
  expect(isPeer(raw(edge.certificate), controller)).toBe(true)
  for (const shown of [raw(controller.certificate), raw(selfSigned('plimsoll-edge').certificate), undefined]) expect(isPeer(shown, controller)).toBe(false)
})

test('the two sides believe each other, and nobody else', async () => {
  const { controller, edge } = await fleetSecrets(home)
  const stranger = selfSigned('plimsoll-controller')
  const server = createServer({ ...pinned(edge), requestCert: true, rejectUnauthorized: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.end(isPeer(socket.getPeerX509Certificate()?.raw, edge) ? 'known' : 'unknown')
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const heard = async (keys: typeof controller): Promise<string> => {
    const socket = connect({ ...pinned(keys), port, host: '127.0.0.1', checkServerIdentity: () => undefined })
    let text = ''
    try {
      for await (const chunk of socket) text += String(chunk)
      return text
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'failed'
    }
  }
  expect(await heard(controller)).toBe('known')
  expect(await heard({ ...stranger, peer: edge.certificate })).not.toBe('known')
  expect(await heard({ ...edge, peer: edge.certificate })).not.toBe('known')
  expect(await heard({ ...controller, peer: stranger.certificate })).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  server.close()
  await once(server, 'close')
})
