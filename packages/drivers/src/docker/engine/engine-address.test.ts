import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addressText, dockerHost, engineAddress } from './engine-address.ts'

test('without DOCKER_HOST it is the socket of this machine', () => {
  expect(engineAddress({})).toEqual({ via: 'socket', path: '/var/run/docker.sock' })
  expect(engineAddress({ DOCKER_HOST: '' })).toEqual({ via: 'socket', path: '/var/run/docker.sock' })
})

test.each([
  ['unix:///run/user/1000/docker.sock', { via: 'socket', path: '/run/user/1000/docker.sock' }, '/run/user/1000/docker.sock'],
  ['tcp://10.0.0.7', { via: 'tcp', host: '10.0.0.7', port: 2375 }, 'tcp://10.0.0.7:2375'],
  ['tcp://[fd00::7]:1234', { via: 'tcp', host: 'fd00::7', port: 1234 }, 'tcp://fd00::7:1234'],
  ['ssh://deploy@shop.example:2222', { via: 'ssh', host: 'shop.example', user: 'deploy', port: 2222 }, 'ssh://deploy@shop.example'],
  ['ssh://shop', { via: 'ssh', host: 'shop' }, 'ssh://shop'],
])('%s is understood', (host, address, text) => {
  expect(engineAddress({ DOCKER_HOST: host })).toEqual(address)
  expect(addressText(engineAddress({ DOCKER_HOST: host }))).toBe(text)
  expect(engineAddress({ DOCKER_HOST: dockerHost(engineAddress({ DOCKER_HOST: host })) })).toEqual(address)
})

test.each(['shop', 'unix://', 'npipe:////./pipe/docker_engine', 'tcp://', 'ssh://user:secret@shop', 'ssh://-oProxyCommand=x'])('%s is refused, with what would do', (host) => {
  expect(() => engineAddress({ DOCKER_HOST: host })).toThrow(expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining('ssh://USER@HOST') }))
})

test('certificates are read from where Docker reads them', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-certificates-'))
  try {
    const environment = { DOCKER_HOST: 'tcp://shop', DOCKER_CERT_PATH: directory }
    expect(() => engineAddress({ ...environment, DOCKER_TLS_VERIFY: '1' })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(join(directory, 'ca.pem')) }))
    for (const name of ['ca', 'cert', 'key']) writeFileSync(join(directory, `${name}.pem`), name)
    const files = { ca: 'ca', cert: 'cert', key: 'key' }
    expect(engineAddress({ ...environment, DOCKER_TLS_VERIFY: '1' })).toEqual({ via: 'tcp', host: 'shop', port: 2376, tls: { verify: true, ...files } })
    expect(engineAddress(environment)).toEqual({ via: 'tcp', host: 'shop', port: 2376, tls: { verify: false, ...files } })
  } finally {
    rmSync(directory, { recursive: true })
  }
})
