import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { bridgeHere, gatewaysIn } from './bridge-here.ts'
import { openDockerEngine } from '../docker-engine/docker-engine.ts'

const network = (...Config: readonly object[]): string => JSON.stringify({ Name: 'bridge', IPAM: { Driver: 'default', Config } })

test('an engine that was started for the first time does not name its gateway, which is the first address of its bridge', () => {
  expect(gatewaysIn(network({ Subnet: '172.17.0.0/16' }))).toEqual(['172.17.0.1'])
  expect(gatewaysIn(network({ Subnet: '10.9.8.0/24' }, { Subnet: '192.168.0.0/20', Gateway: '192.168.7.1' }))).toEqual(['10.9.8.1', '192.168.7.1'])
})

test('a bridge without a subnet that is understood has no gateway', () => {
  expect(gatewaysIn(JSON.stringify({ IPAM: { Config: null } }))).toEqual([])
  expect(gatewaysIn(network({}))).toEqual([''])
})

test.each([['a bridge on this machine is used', [], '127.0.0.1'], ['the bridge of a rootless engine is not, though this machine has its address too', ['name=seccomp,profile=default', 'name=rootless'], undefined]])('%s', async (_, options, address) => {
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-bridge-'))
  const answers: Readonly<Record<string, object>> = { bridge: { IPAM: { Config: [{ Gateway: '127.0.0.1' }] } }, info: { SecurityOptions: options } }
  const server = createServer((request, response) => {
    response.setHeader('api-version', '1.41')
    response.end(JSON.stringify(answers[basename(request.url ?? '')] ?? 'OK'))
  })
  try {
    await new Promise<void>((resolve) => server.listen(join(directory, 'sock'), resolve))
    expect(await bridgeHere(openDockerEngine({ via: 'socket', path: join(directory, 'sock') }), new AbortController().signal)).toBe(address)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await rm(directory, { recursive: true })
  }
})
