import type { RunnableUnit } from '@plimsoll/engine'
import { appNameSchema, digestSchema, releaseNumberSchema, serviceNameSchema, unitName } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { execBody, instanceBody, type ContainerRequest } from './container-body.ts'
import { environmentOf } from '../container/container-environment.ts'

const app = appNameSchema.parse('shop')
const service = serviceNameSchema.parse('Web App')
const release = releaseNumberSchema.parse(12)
const digest = digestSchema.parse(`sha256:${'0'.repeat(64)}`)
const unit = { name: unitName(app, service, release), service, release }

const runnable: RunnableUnit = {
  app, unit, environment: { GREETING: 'hello', PORT: '3000' },
  spec: { service, kind: 'web', runtime: 'node', rootDir: '', startCommand: 'node server.js', maxShutdownDelayMs: 10_000, instances: 1, reaches: [] },
  artifact: { service, digest, inputs: digest, files: '/', sizeBytes: 0, fileCount: 0, layout: 'image', assets: [], publicValues: {}, builtAt: '2026-01-01T00:00:00.000Z', fresh: true, buildMs: 0 },
}

const request: ContainerRequest = {
  place: { home: '/home', id: '0123456789abcdef' }, runnable,
  marks: { app, unit, role: 'instance', id: 'shop-web-app-r12-0-aa', index: 0 },
  image: { id: 'sha256:1', entrypoint: [], command: [], isWritten: false, user: '1000', uid: 1_000, hasShell: true, hasCheck: false },
  command: { entrypoint: ['server'], arguments: ['--listen'], loader: undefined, tellsGroup: true, isOfImage: false },
  size: { cpus: 0.5, memoryMb: 512 },
  logging: { driver: 'json-file', options: { 'max-size': '10m' } },
}

const labels = {
  'plimsoll.place': '0123456789abcdef', 'plimsoll.app': 'shop', 'plimsoll.unit': 'shop-web-app-r12', 'plimsoll.service': 'Web App',
  'plimsoll.release': '12', 'plimsoll.role': 'instance', 'plimsoll.instance': 'shop-web-app-r12-0-aa', 'plimsoll.index': '0',
}

test('an instance is what the engine is sent', () => {
  expect(instanceBody(request, { host: '172.17.0.1', port: 21_000 })).toEqual({
    Image: 'sha256:1', Entrypoint: ['server'], Cmd: ['--listen'], StopSignal: 'SIGTERM', Labels: labels,
    Env: ['GREETING=hello', 'TINI_KILL_PROCESS_GROUP=1', 'RENDER_INSTANCE_ID=shop-web-app-r12-0-aa', 'PORT=10000'],
    ExposedPorts: { '10000/tcp': {} },
    HostConfig: {
      Init: true, NetworkMode: 'plimsoll-01234567.shop', RestartPolicy: { Name: 'always' },
      PortBindings: { '10000/tcp': [{ HostIp: '172.17.0.1', HostPort: '21000' }] },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } }, PidsLimit: 4096, Memory: 536_870_912, MemorySwap: 536_870_912, NanoCpus: 500_000_000, SecurityOpt: ['no-new-privileges'], CapDrop: ['ALL'],
    },
    NetworkingConfig: { EndpointsConfig: { 'plimsoll-01234567.shop': { Aliases: ['web-app-r12.shop.internal'] } } },
  })
})

test('what does not listen is published nowhere and has no name', () => {
  const body = instanceBody({ ...request, runnable: { ...runnable, spec: { ...runnable.spec, kind: 'worker' } } }, undefined)
  expect(body).not.toHaveProperty('ExposedPorts')
  expect(body).not.toHaveProperty('HostConfig.PortBindings')
  expect(body).toHaveProperty('NetworkingConfig.EndpointsConfig', { 'plimsoll-01234567.shop': { Aliases: [] } })
  expect(body).toHaveProperty('Env', ['GREETING=hello', 'PORT=3000', 'TINI_KILL_PROCESS_GROUP=1', 'RENDER_INSTANCE_ID=shop-web-app-r12-0-aa'])
})

test('the disk of a service is mounted in its instances, and nowhere else', () => {
  const disk = { name: 'Uploads', mountPath: '/var/data' }
  const withDisk = { ...request, runnable: { ...runnable, spec: { ...runnable.spec, disk } } }
  expect(instanceBody(withDisk, undefined)).toHaveProperty('HostConfig.Mounts', [{ Type: 'volume', Source: 'plimsoll-01234567.shop.disk.web-app-uploads', Target: '/var/data' }])
  expect(execBody(withDisk)).not.toHaveProperty('HostConfig.Mounts')
})

test('an image whose command runs as it is keeps its own way of being told to end', () => {
  const body = instanceBody({ ...request, command: { ...request.command, tellsGroup: false, isOfImage: true } }, undefined)
  expect(body).not.toHaveProperty('StopSignal')
  expect(body).toHaveProperty('Env', expect.not.arrayContaining(['TINI_KILL_PROCESS_GROUP=1']))
})

test.each(['', 'root', '0', '0:0', 'root:node'])('user %j keeps the capabilities that root has in a container', (user) => {
  expect(instanceBody({ ...request, image: { ...request.image, user } }, undefined)).not.toHaveProperty('HostConfig.CapDrop')
})

test('without a size it may use all that the machine has', () => {
  expect(instanceBody({ ...request, size: undefined }, undefined)).toHaveProperty('HostConfig', expect.not.objectContaining({ Memory: expect.anything() }))
})

test('what the Blueprint says stands in a file where something reads it, and not in what the engine tells', () => {
  const hidden = { ...request, command: { ...request.command, loader: 'node' as const } }
  expect(instanceBody(hidden, undefined)).toHaveProperty('Env', ['TINI_KILL_PROCESS_GROUP=1', 'RENDER_INSTANCE_ID=shop-web-app-r12-0-aa', 'PORT=10000'])
  expect(environmentOf(hidden).file).toEqual({ path: '/run/plimsoll/environment.cjs', text: 'Object.assign(require("node:process").env, {"GREETING":"hello"})\n' })
})

test('a command is not started again, not published, and not asked after its health', () => {
  const body = execBody({ ...request, marks: { app, unit, role: 'exec', id: 'x', run: 'migrate' } })
  expect(body).toMatchObject({ Healthcheck: { Test: ['NONE'] }, Labels: { 'plimsoll.role': 'exec', 'plimsoll.run': 'migrate' } })
  expect(body).not.toHaveProperty('HostConfig.RestartPolicy')
  expect(body).not.toHaveProperty('ExposedPorts')
  expect(body).toHaveProperty('Env', expect.not.arrayContaining(['PORT=10000']))
})
