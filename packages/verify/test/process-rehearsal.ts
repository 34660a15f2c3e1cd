import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appNameSchema, digestSchema, listens, releaseNumberSchema, serviceNameSchema, type Artifact, type Environment, type ServiceKind, type ServiceName, type UnitSpec } from '@plimsoll/model'
import { afterEach } from 'vitest'
import { askAll } from '../src/rehearsal/ask-all.ts'
import { layWire } from '../src/rehearsal/lay-wire.ts'
import type { Finding, RehearsalCheck } from '../src/rehearsal/rehearsal-check.ts'
import type { AppCopy, CopyWish, Rehearsal, Wire } from '../src/rehearsal/rehearsal.ts'
import { openFakeDatabase, type FakeDatabase } from './fake-database.ts'
import { createProcessUnit, type ProcessUnit } from './process-unit.ts'

/** One service of an app that is made up for a test. */
export interface MadeService {
  /** An ES module, started with Node. It is told `PORT`, and how to reach what it `needs`. */
  readonly source: string
  /** `exec node server.mjs` unless given: whoever gives no `exec` has a shell as the first process, as under dash. */
  readonly startCommand?: string
  readonly kind?: ServiceKind
  readonly healthCheckPath?: string
  readonly maxShutdownDelayMs?: number
  readonly environment?: Readonly<Record<string, string>>
  /** What its build has baked into the pages, as `NEXT_PUBLIC_*`; `http://<service>.shop.test` is the public address of another one. */
  readonly publicValues?: Readonly<Record<string, string>>
  /** The databases and services that it is told of: `<NAME>_URL`, as `postgresql://…` or `http://host:port`. */
  readonly needs?: readonly string[]
}

export interface MadeApp {
  readonly services: Readonly<Record<string, MadeService>>
  readonly databases?: readonly string[]
  readonly blueprint?: string
  /** Whose copies `of: 'live'` are; nothing is live unless given. */
  readonly live?: Pick<MadeApp, 'services'>
}

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

/** A rehearsal of an app whose services are real processes of this machine. Everything of it is gone after the test. */
export async function processRehearsal(app: MadeApp): Promise<Rehearsal> {
  const directory = await mkdtemp(join(tmpdir(), 'verify-app-'))
  const standing: AppCopy[] = []
  opened.push({
    async close() {
      for (const copy of standing) await copy.remove()
      await rm(directory, { recursive: true })
    },
  })
  const [specs, artifacts, liveSpecs] = await Promise.all([specsOf(app), lay(directory, 'candidate', app), app.live && specsOf(app.live)])
  const liveArtifacts = app.live && (await lay(directory, 'live', app.live))
  const live = liveSpecs && liveArtifacts && { release: releaseNumberSchema.parse(1), blueprint: '', specs: liveSpecs, artifacts: liveArtifacts, keeps: {}, fingerprints: {}, pages: {} }
  const raise = async (wish: CopyWish, signal: AbortSignal): Promise<AppCopy> => {
    const version = wish.of === 'live' ? { specs: liveSpecs ?? [], artifacts: liveArtifacts ?? {}, services: app.live?.services ?? {} } : { specs, artifacts, services: app.services }
    const copy = await raiseProcesses({ ...version, databases: app.databases ?? [] }, wish, signal)
    standing.push(copy)
    return copy
  }
  let shared: Promise<AppCopy> | undefined
  return {
    app: appNameSchema.parse('shop'), source: { root: directory, blueprint: 'render.yaml', dirty: false }, blueprint: app.blueprint ?? '', specs, artifacts, live,
    environments: Object.fromEntries(Object.entries(app.services).map(([name, each]) => [name, declaredIn(each)])),
    secrets: [], seed: 7, evidence: directory, browser: undefined,
    liveSchemas: async () => ({}),
    shared: (signal) => (shared ??= raise({}, signal)),
    raise,
  }
}

/** What `check` finds, as a verification would ask it. */
export async function findingsOf(check: RehearsalCheck, rehearsal: Rehearsal): Promise<readonly Finding[]> {
  const clock = { now: () => Date.now(), sleep: () => Promise.reject(new Error('nobody sleeps here')) }
  const [asked] = await askAll(rehearsal, { checks: [{ ...check, after: [] }], clock, width: 1, told: () => undefined }, new AbortController().signal)
  return asked?.verdicts.map(({ check: _check, tookMs: _tookMs, ...finding }) => finding) ?? []
}

interface Processes {
  readonly specs: readonly UnitSpec[]
  readonly artifacts: Rehearsal['artifacts']
  readonly services: Readonly<Record<string, MadeService>>
  readonly databases: readonly string[]
}

async function raiseProcesses({ specs, artifacts, services, databases: names }: Processes, wish: CopyWish, signal: AbortSignal): Promise<AppCopy> {
  const wanted = specs.filter(({ service, kind }) => kind !== 'cron' && (wish.services === undefined || wish.services.includes(service)))
  const databases = await Promise.all(names.map(openFakeDatabase))
  const free = await freePorts(specs.length)
  const ports = new Map(specs.map(({ service }, at) => [String(service), free[at] ?? 0]))
  const wires: (Wire & { close(): Promise<void> })[] = []
  const units: ProcessUnit[] = []
  for (const spec of wanted) {
    const urls = await urlsOf({ spec, needs: services[spec.service]?.needs ?? [], databases, ports, wires: wish.wires === true ? wires : undefined })
    const environment = { ...services[spec.service]?.environment, ...urls }
    units.push(createProcessUnit({
      spec, files: artifacts[spec.service]?.files ?? '', port: ports.get(spec.service) ?? 0,
      environment: wish.alter?.(spec.service, environment) ?? environment,
    }))
  }
  const remove = async (): Promise<void> => {
    for (const unit of units) await unit.end()
    for (const wire of wires.splice(0)) await wire.close()
    for (const database of databases) await database.close()
  }
  try {
    await Promise.all(units.filter(({ spec }) => wish.start === undefined || wish.start.includes(spec.service)).map((unit) => unit.start(signal)))
  } catch (error) {
    await remove()
    throw error
  }
  return {
    units, wires,
    // Pages name the services by these, as those of a release name its stable ports.
    publicAddresses: new Map(specs.map(({ service }) => [`${service}.shop.test`, { host: '127.0.0.1', port: ports.get(service) ?? 0 }])),
    traffic: { serve: () => missing('edge'), drain: () => missing('edge'), counters: () => missing('edge') },
    unit: (service) => units.find(({ spec }) => spec.service === service) ?? missing(service),
    databases: Object.fromEntries(databases.map((each) => [each.name, each])),
    spare: () => missing('a spare database'),
    url: (service) => (units.find(({ spec }) => spec.service === service)?.spec.kind === 'web' ? `http://localhost:${ports.get(service)}` : undefined),
    remove, [Symbol.asyncDispose]: remove,
  }
}

/** Different ones, because all are held before the first is given back. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server
  }))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

interface Need {
  readonly spec: UnitSpec
  readonly needs: readonly string[]
  readonly databases: readonly FakeDatabase[]
  readonly ports: ReadonlyMap<string, number>
  readonly wires: (Wire & { close(): Promise<void> })[] | undefined
}

async function urlsOf({ spec, needs, databases, ports, wires }: Need): Promise<Record<string, string>> {
  const urls: Record<string, string> = {}
  for (const to of needs) {
    const key = `${to.toUpperCase().replaceAll('-', '_')}_URL`
    const database = databases.find(({ name }) => name === to)
    const target = { host: '127.0.0.1', port: database?.address.port ?? ports.get(to) ?? missing(to) }
    const wire = wires && (await layWire({ from: spec.service, to, key, target }))
    if (wire !== undefined) wires?.push(wire)
    const { host, port } = wire?.address ?? target
    urls[key] = database === undefined ? `http://${host}:${port}` : `postgresql://shop:secret@${host}:${port}/${to}`
  }
  return urls
}

function specsOf({ services }: Pick<MadeApp, 'services'>): UnitSpec[] {
  return Object.entries(services).map(([name, { kind = 'web', startCommand = 'exec node server.mjs', maxShutdownDelayMs = 5_000, healthCheckPath, needs = [] }]) => ({
    service: serviceNameSchema.parse(name), kind, runtime: 'node', rootDir: '', startCommand, maxShutdownDelayMs, instances: 1,
    reaches: needs.filter((each) => services[each] !== undefined).map((each): ServiceName => serviceNameSchema.parse(each)),
    ...(listens(kind) && healthCheckPath !== undefined && { healthCheckPath }),
  }))
}

async function lay(root: string, version: string, { services }: Pick<MadeApp, 'services'>): Promise<Rehearsal['artifacts']> {
  const digest = digestSchema.parse(`sha256:${'0'.repeat(64)}`)
  const laid = Object.entries(services).map(async ([name, { source, publicValues = {} }]) => {
    const files = join(root, version, name)
    await mkdir(files, { recursive: true })
    await writeFile(join(files, 'server.mjs'), source)
    const artifact: Artifact = {
      service: serviceNameSchema.parse(name), digest, inputs: digest, files, sizeBytes: source.length, fileCount: 1, layout: 'installed',
      assets: [], publicValues, builtAt: new Date().toISOString(), fresh: true, buildMs: 0,
    }
    return [name, artifact] as const
  })
  return Object.fromEntries(await Promise.all(laid))
}

function declaredIn({ environment = {}, needs = [] }: MadeService): Environment {
  const keys = [...Object.keys(environment), ...needs.map((to) => `${to.toUpperCase().replaceAll('-', '_')}_URL`)]
  return Object.fromEntries(keys.map((key) => [key, { value: environment[key] ?? '', origin: 'generated', secret: true }]))
}

function missing(what: string): never {
  throw new Error(`this app has no ${what}`)
}
