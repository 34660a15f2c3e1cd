import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addressText, clientEnvironment, dockerHost, engineAddress } from './engine-address.ts'

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
    expect(engineAddress({ ...environment, DOCKER_TLS_VERIFY: '1' })).toEqual({ via: 'tcp', host: 'shop', port: 2376, tls: { directory, verify: true, ...files } })
    expect(engineAddress(environment)).toEqual({ via: 'tcp', host: 'shop', port: 2376, tls: { directory, verify: false, ...files } })
  } finally {
    rmSync(directory, { recursive: true })
  }
})

/** A home in which `docker context use NAME` was said. */
function withContext(endpoint: object, act: (home: string) => void, certificates = false): void {
  const home = mkdtempSync(join(tmpdir(), 'plimsoll-context-'))
  const id = createHash('sha256').update('desktop').digest('hex')
  const of = (kind: string, ...rest: string[]) => join(home, '.docker/contexts', kind, id, ...rest)
  try {
    mkdirSync(of('meta'), { recursive: true })
    writeFileSync(of('meta', 'meta.json'), JSON.stringify({ Name: 'desktop', Metadata: {}, Endpoints: { docker: endpoint } }))
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ auths: {}, currentContext: 'desktop' }))
    if (certificates) {
      mkdirSync(of('tls', 'docker'), { recursive: true })
      for (const name of ['ca', 'cert', 'key']) writeFileSync(of('tls', 'docker', `${name}.pem`), name)
    }
    act(home)
  } finally {
    rmSync(home, { recursive: true })
  }
}

test('the context that Docker is told to use is used, unless DOCKER_HOST names another engine', () => {
  withContext({ Host: 'unix:///home/me/.docker/desktop/docker.sock' }, (HOME) => {
    expect(engineAddress({ HOME })).toEqual({ via: 'socket', path: '/home/me/.docker/desktop/docker.sock' })
    expect(engineAddress({ HOME, DOCKER_HOST: 'ssh://shop' })).toMatchObject({ via: 'ssh' })
    expect(engineAddress({ HOME, DOCKER_CONTEXT: 'default' })).toEqual({ via: 'socket', path: '/var/run/docker.sock' })
  })
})

test('the certificates of a context are used, and told to the client that builds', () => {
  withContext({ Host: 'tcp://shop:2376', SkipTLSVerify: false }, (HOME) => {
    const address = engineAddress({ HOME })
    expect(address).toMatchObject({ via: 'tcp', host: 'shop', tls: { verify: true, ca: 'ca', cert: 'cert', key: 'key' } })
    expect(clientEnvironment(address)).toMatchObject({ DOCKER_HOST: 'tcp://shop:2376', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: expect.stringContaining(HOME) })
  }, true)
})

test('a context that is not there, or is of no engine that can be reached, is named', () => {
  withContext({ Host: 'npipe:////./pipe/docker_engine' }, (HOME) => {
    expect(() => engineAddress({ HOME, DOCKER_CONTEXT: 'gone' })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('"gone"') }))
    expect(() => engineAddress({ HOME })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('The Docker context desktop') }))
  })
})
