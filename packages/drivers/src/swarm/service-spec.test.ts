import type { RunnableUnit } from '@plimsoll/engine'
import { appNameSchema, copyName, digestSchema, releaseNumberSchema, serviceNameSchema, unitName } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { defaultLogging } from '../container/logging.ts'
import { startCommandOf } from '../container/container-command.ts'
import { healthCheckOf } from './health-check.ts'
import { environmentSecret, execSpec, instancesSpec, type ServiceRequest } from './service-spec.ts'

const [app, service, release] = [appNameSchema.parse('storefront'), serviceNameSchema.parse('api'), releaseNumberSchema.parse(42)]
const unit = { name: unitName(app, service, release), service, release }
const digest = digestSchema.parse(`sha256:${'0'.repeat(64)}`)
const reference = `registry.example.com/shop/api@sha256:${'a'.repeat(64)}`
const image = { id: 'sha256:1', entrypoint: [], command: ['node', 'server.js'], isWritten: false, user: '1000', uid: 1_000, hasShell: true, hasCheck: false }

function requestOf(environment: Readonly<Record<string, string>>, more: Partial<ServiceRequest> = {}): ServiceRequest {
  const spec: RunnableUnit['spec'] = { service, kind: 'web', runtime: 'node', rootDir: '', startCommand: 'node server.js', maxShutdownDelayMs: 30_000, instances: 3, reaches: [], healthCheckPath: '/healthz' }
  const artifact: RunnableUnit['artifact'] = { service, digest, inputs: digest, files: '', sizeBytes: 0, fileCount: 0, layout: 'traced', assets: [], publicValues: {}, builtAt: '2026-01-01T00:00:00.000Z', fresh: true, buildMs: 0, image: reference }
  const runnable = { app, unit, spec, artifact, environment }
  return {
    place: { home: '/nowhere', id: '0123456789abcdef' }, runnable, marks: { app, unit, role: 'instance', id: 'storefront-api-r42-{{.Task.Slot}}-0a1b2c3d' },
    reference, image, command: startCommandOf('node server.js', image), logging: defaultLogging, size: { cpus: 0.5, memoryMb: 512 }, constraints: ['node.labels.tier == app'], ...more,
  }
}

const sent = (request: ServiceRequest): Record<string, unknown> => instancesSpec(request, { secretId: 's3', check: healthCheckOf(request.runnable.spec, image, { hasStart: false }), labels: {} })

test('a unit is one service with an instance as a task, by digest, checked, limited, and with no port of a machine', () => {
  expect(sent(requestOf({ DATABASE_URL: 'postgres://secret', TZ: 'UTC' }))).toEqual({
    Name: expect.stringMatching(/^storefront-api-r42-[0-9a-f]{6}$/),
    Labels: expect.objectContaining({ 'plimsoll.place': '0123456789abcdef', 'plimsoll.app': 'storefront', 'plimsoll.unit': 'storefront-api-r42', 'plimsoll.role': 'instance' }),
    TaskTemplate: {
      LogDriver: { Name: 'json-file', Options: { 'max-size': '10m', 'max-file': '3' } },
      Resources: { Limits: { Pids: 4_096, NanoCPUs: 500_000_000, MemoryBytes: 536_870_912 } },
      Placement: { Constraints: ['node.labels.tier == app'] },
      ContainerSpec: {
        Image: reference, Command: ['node'], Args: ['--require', '/run/plimsoll/environment.cjs', 'server.js'],
        Env: ['TZ=UTC', 'TINI_KILL_PROCESS_GROUP=1', 'RENDER_INSTANCE_ID=storefront-api-r42-{{.Task.Slot}}-0a1b2c3d', 'PORT=10000'],
        Labels: expect.objectContaining({ 'plimsoll.unit': 'storefront-api-r42' }),
        Init: true, StopSignal: 'SIGTERM', CapabilityDrop: ['ALL'],
        Secrets: [{ SecretID: 's3', SecretName: expect.stringMatching(/^plimsoll-env-[0-9a-f]{32}$/), File: { Name: '/run/plimsoll/environment.cjs', UID: '1000', GID: '0', Mode: 0o400 } }],
        Hostname: '{{.Task.Slot}}.api-r42.storefront.internal',
        Healthcheck: { Test: ['CMD', 'node', '-e', expect.stringContaining('"/healthz"')], Interval: 2e9, Timeout: 30e9, Retries: 4, StartPeriod: 120e9, StartInterval: 2e9 },
        // Of that its program gets the 30 s of the Blueprint.
        StopGracePeriod: 35e9,
      },
      Networks: [{ Target: expect.stringMatching(/^plimsoll-storefront-[0-9a-f]{6}$/), Aliases: ['api-r42.storefront.internal'] }, { Target: expect.stringMatching(/^plimsoll-edges-[0-9a-f]{6}$/) }],
      RestartPolicy: { Condition: 'any', Delay: 1e9 },
    },
    Mode: { Replicated: { Replicas: 3 } },
    // No virtual address, which not every kernel has, and no port: the next release has to fit beside this one on every machine.
    EndpointSpec: { Mode: 'dnsrr' },
  })
})

test('a server of Node is told to end when its connections are, and what a shell runs, a worker and a command are told at once', () => {
  const grace = (request: ServiceRequest): unknown => sent(request)['TaskTemplate']
  const told = requestOf({})
  expect(environmentSecret(told)?.data).toContain('SIGTERM')
  const shell = requestOf({}, { command: startCommandOf('node server.js && true', image) })
  const worker = { ...told, runnable: { ...told.runnable, spec: { ...told.runnable.spec, kind: 'worker' as const } } }
  for (const atOnce of [shell, worker]) {
    expect(environmentSecret(atOnce)?.data).not.toContain('SIGTERM')
    expect(grace(atOnce)).toMatchObject({ ContainerSpec: { StopGracePeriod: 30e9 } })
  }
  expect(environmentSecret({ ...told, marks: { ...told.marks, role: 'exec' } })?.data).not.toContain('SIGTERM')
})

test('a command is run once, wherever it ends, and no check of its image asks after it', () => {
  expect(execSpec(requestOf({}), { secretId: 's3' })).toMatchObject({
    TaskTemplate: { ContainerSpec: { Healthcheck: { Test: ['NONE'] } }, RestartPolicy: { Condition: 'none' } },
    Mode: { Replicated: { Replicas: 1 } },
  })
})

test('nothing secret is told to whoever looks at a service, and equal environments are one secret', () => {
  const request = requestOf({ DATABASE_URL: 'postgres://secret' })
  expect(JSON.stringify(sent(request))).not.toContain('postgres://secret')
  expect(environmentSecret(request)).toMatchObject({ data: expect.stringContaining('postgres://secret'), path: '/run/plimsoll/environment.cjs', uid: 1_000 })
  expect(environmentSecret(requestOf({ DATABASE_URL: 'postgres://secret' }))?.name).toBe(environmentSecret(request)?.name)
  expect(environmentSecret(requestOf({ DATABASE_URL: 'postgres://other' }))?.name).not.toBe(environmentSecret(request)?.name)
})

test('a variable with double braces stays what it is, where the cluster would take it for a template', () => {
  const { TaskTemplate } = sent(requestOf({ NODE_OPTIONS: '--title={{.Node.ID}}' })) as { TaskTemplate: { ContainerSpec: { Env: string[] } } }
  expect(TaskTemplate.ContainerSpec.Env[0]).toBe('NODE_OPTIONS=--title={{"{{"}}.Node.ID}}')
})

test('an empty environment is a secret that is not empty, which clusters refuse', () => {
  expect(environmentSecret(requestOf({}, { command: startCommandOf('node server.js && true', image) }))?.data).toBe('\n')
})

test('a public service of a copy is in the network of its verification alone, and in none of the edges', () => {
  const request = requestOf({})
  const copy = { ...request, runnable: { ...request.runnable, app: copyName('a1b2', 0) } }
  expect(sent(copy)).toMatchObject({ TaskTemplate: { Networks: [{ Target: expect.stringMatching(/^plimsoll-plimsoll-v-a1b2-[0-9a-f]{6}$/) }] } })
})

test('an instance has the disk of its service where that is, which begins empty; a command has none, and one of a copy has it in memory', () => {
  const request = requestOf({})
  const { spec } = request.runnable
  const withDisk: ServiceRequest = { ...request, machine: 'x7', runnable: { ...request.runnable, spec: { ...spec, disk: { name: 'uploads', mountPath: '/var/data' } } } }
  expect(sent(withDisk)).toMatchObject({ TaskTemplate: {
    Placement: { Constraints: ['node.labels.tier == app', 'node.id == x7'] },
    ContainerSpec: { Mounts: [{ Type: 'volume', Source: expect.stringMatching(/^storefront-api-uploads-[0-9a-f]{6}$/), Target: '/var/data', VolumeOptions: { NoCopy: true, Labels: expect.objectContaining({ 'plimsoll.role': 'disk', 'plimsoll.resource': 'api uploads' }) } }] },
  } })
  expect(JSON.stringify(execSpec({ ...withDisk, machine: undefined }, { secretId: 's3' }))).not.toMatch(/Mounts|node\.id/)
  const copy = { ...withDisk, machine: undefined, runnable: { ...withDisk.runnable, app: copyName('a1b2', 0) } }
  expect(sent(copy)).toMatchObject({ TaskTemplate: { Placement: { Constraints: ['node.labels.tier == app'] }, ContainerSpec: { Mounts: [{ Type: 'tmpfs', Target: '/var/data', TmpfsOptions: { Mode: 0o1777 } }] } } })
})
