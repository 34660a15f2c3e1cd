import { digestSchema, listens, type Address, type AppName, type Artifact, type Instance, type Unit, type UnitSpec } from '@plimsoll/model'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Clock } from '../clock.ts'
import type { BuildRequest, Capabilities, Driver, ExecRequest, ExecResult, LogRequest, Needed, RunnableUnit, StopReport } from '../driver.ts'
import { fakePlace, keyOf, unitsOf, type FakeInstance, type FakePlace, type FakeUnit } from './fake-place.ts'
import { createFaults, type Faults } from './faults.ts'

/** How the instances of a unit behave; nothing said means that they run, print nothing and end on SIGTERM. */
export interface FakeBehaviour {
  /** Printed at each start. */
  readonly prints?: readonly string[]
  /** Ends by itself at once, each time it is started. */
  readonly exits?: { readonly code: number }
  readonly ignoresSigterm?: boolean
  /** What a check of its own says, so many milliseconds after it was started. */
  readonly health?: (ranMs: number) => Instance['health']
}

/** How a command behaves; nothing said means that it succeeds silently. */
export interface FakeExec {
  readonly prints?: readonly string[]
  readonly code?: number
  /** Never ends by itself. */
  readonly hangs?: boolean
  /** Ends only then. */
  readonly until?: Promise<void>
}

export interface FakeDriverOptions {
  readonly clock: Clock
  readonly place?: FakePlace
  readonly can?: Partial<Capabilities>
  readonly behaviour?: (unit: RunnableUnit) => FakeBehaviour
  readonly command?: (request: ExecRequest) => FakeExec
  /** Made of the request unless given. */
  readonly artifact?: (request: BuildRequest) => Artifact | Promise<Artifact>
}

export interface FakeDriver extends Driver {
  readonly place: FakePlace
  readonly failNext: Faults<FakeVerb>['failNext']
  /** Every command that ran to its end, oldest first. */
  readonly ran: readonly ExecRequest[]
  /** Ends an instance from outside, as a crash does; it is started again after its back-off. */
  crash(instanceId: string, code?: number): void
  print(app: AppName, unit: Unit, text: string): void
}

export type FakeVerb = 'observe' | 'units' | 'measure' | 'build' | 'addresses' | 'inner' | 'exec' | 'start' | 'stop'

const backOffMs = 1_000

/** What the verbs of one driver object share. */
interface Stage {
  readonly options: FakeDriverOptions
  readonly clock: Clock
  readonly place: FakePlace
  readonly builds: Map<string, Artifact>
  readonly ran: ExecRequest[]
}

/** A place without processes. What it promises is what the driver contract asks. */
export function fakeDriver(options: FakeDriverOptions): FakeDriver {
  const place = options.place ?? fakePlace()
  const faults = createFaults<FakeVerb>()
  const can = { startBeside: true, exec: true, scale: true, measure: true, ...options.can }
  const stage: Stage = { options, clock: options.clock, place, builds: new Map(), ran: [] }
  return {
    name: 'process',
    can,
    place,
    ran: stage.ran,
    failNext: faults.failNext,
    print: (app, unit, text) => print(stage, { app, unit }, { text }),
    crash: (instanceId, code = 1) => crash(stage, instanceId, code),
    observe: (app) => faults.run('observe', () => unitsOf(place, app).flatMap((unit) => look(stage, unit))),
    units: (app) => faults.run('units', () => [...new Map([...unitsOf(place, app).map(({ runnable }) => runnable), ...place.commands].filter((each) => each.app === app).map(({ unit }) => [unit.name, unit])).values()]),
    build: (request, signal) => faults.run('build', () => build(stage, request, signal)),
    addresses: (app, unit, spec) => faults.run('addresses', () => addresses(place, { app, unit, spec })),
    inner: (app, unit, spec) => faults.run('inner', () => inner(place, { app, unit, spec })),
    exec: (request, signal) => faults.run('exec', () => exec(stage, request, signal)),
    start: (unit, signal) => faults.run('start', () => start(stage, unit, signal)),
    // oxlint-disable-next-line max-params -- so the interface has it
    stop: (app, unit, graceMs, signal) => faults.run('stop', () => stop(stage, { key: keyOf(app, unit), graceMs }, signal)),
    measure: (app) => faults.run('measure', () => (can.measure ? measure(stage, app) : [])),
    logs: (request, signal) => follow(place, request, signal),
  }
}

/** Starts what its back-off has kept waiting long enough, then tells what is there. */
function look(stage: Stage, unit: FakeUnit): readonly Instance[] {
  for (const instance of unit.instances) {
    if (instance.ended === undefined || stage.clock.now() < instance.ended.at + backOffMs) continue
    instance.restarts += 1
    boot(stage, unit, instance)
  }
  return unit.instances.map((instance) => {
    const health = instance.health?.(stage.clock.now() - instance.startedAt)
    return { ...describe(unit.runnable.unit, instance), ...(health !== undefined && { health }) }
  })
}

function boot({ place, clock, options }: Stage, unit: FakeUnit, instance: FakeInstance): void {
  const { prints = [], exits, health } = options.behaviour?.(unit.runnable) ?? {}
  instance.pid = place.nextPid++
  instance.startedAt = clock.now()
  instance.health = health
  instance.ended = exits === undefined ? undefined : { at: clock.now(), code: exits.code, signal: null }
  for (const text of prints) print({ place, clock }, unit.runnable, { text, instance: instance.id })
}

function print({ place, clock }: Pick<Stage, 'place' | 'clock'>, { app, unit }: Pick<RunnableUnit, 'app' | 'unit'>, line: { readonly text: string; readonly instance?: string }): void {
  const { service, release } = unit
  const lines = place.lines.get(keyOf(app, unit)) ?? []
  place.lines.set(keyOf(app, unit), lines)
  lines.push({ at: new Date(clock.now()).toISOString(), service, release, stream: 'out', ...line })
  place.events.emit('line')
}

function crash({ place, clock }: Stage, instanceId: string, code: number): void {
  const instance = [...place.units.values()].flatMap((unit) => unit.instances).find(({ id }) => id === instanceId)
  if (instance !== undefined) instance.ended = { at: clock.now(), code, signal: null }
}

/** Each has half a processor to itself, and as many megabytes as it has run minutes, and one. */
function measure({ place, clock }: Stage, app: AppName): readonly Needed[] {
  const at = clock.now()
  const running = unitsOf(place, app).flatMap(({ instances }) => instances).filter(({ ended }) => ended === undefined)
  return running.map(({ id, startedAt }) => ({ instance: id, at, cpuMs: (at - startedAt) / 2, memoryBytes: (1 + Math.floor((at - startedAt) / 60_000)) * 1024 * 1024 }))
}

type Whose = Pick<RunnableUnit, 'app' | 'unit' | 'spec'>

function addresses(place: FakePlace, { app, unit, spec }: Whose): readonly Address[] {
  if (!listens(spec.kind)) return []
  const settled = [...(place.addresses.get(keyOf(app, unit)) ?? [])]
  while (settled.length < spec.instances) settled.push({ host: '127.0.0.1', port: place.nextPort++ })
  place.addresses.set(keyOf(app, unit), settled)
  return settled.slice(0, spec.instances)
}

function inner(place: FakePlace, whose: Whose): Address | undefined {
  const { app, unit, spec } = whose
  if (!listens(spec.kind) || spec.instances === 1) return addresses(place, whose)[0]
  const settled = place.inner.get(keyOf(app, unit)) ?? { host: '127.0.0.1', port: place.nextPort++ }
  place.inner.set(keyOf(app, unit), settled)
  return settled
}

function start(stage: Stage, runnable: RunnableUnit, signal: AbortSignal): readonly Instance[] {
  signal.throwIfAborted()
  const { place } = stage
  const key = keyOf(runnable.app, runnable.unit)
  const known = place.units.get(key)
  const where = addresses(place, runnable)
  const instances = Array.from({ length: instanceCount(runnable.spec) }, (_, index): FakeInstance => {
    const id = `${runnable.unit.name}-${index}-${(place.nextPid + index).toString(36)}`
    return known?.instances[index] ?? { id, address: where[index], pid: 0, startedAt: 0, restarts: 0 }
  })
  const unit: FakeUnit = { runnable, instances, turn: 0 }
  place.units.set(key, unit)
  for (const instance of instances) if (instance.pid === 0) boot(stage, unit, instance)
  return look(stage, unit)
}

/** Static sites are files, cron jobs run by `exec`, key-value servers belong to no release. */
function instanceCount({ kind, instances }: UnitSpec): number {
  return kind === 'web' || kind === 'pserv' || kind === 'worker' ? instances : 0
}

async function stop({ place, options, clock }: Stage, { key, graceMs }: { readonly key: string; readonly graceMs: number }, signal: AbortSignal): Promise<StopReport> {
  place.runs.delete(key)
  for (const each of place.commands) if (keyOf(each.app, each.unit) === key) each.stop.abort()
  const known = place.units.get(key)
  if (known === undefined) return { instances: 0, killed: 0 }
  const running = known.instances.filter((instance) => instance.ended === undefined).length
  const stubborn = options.behaviour?.(known.runnable).ignoresSigterm === true
  if (stubborn && running > 0) await clock.sleep(graceMs, signal)
  place.units.delete(key)
  return { instances: running, killed: stubborn ? running : 0 }
}

async function exec(stage: Stage, request: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
  signal.throwIfAborted()
  if (request.once === undefined) return run(stage, request, signal)
  const { runs } = stage.place
  const { once: { name }, app, unit } = request
  const known = runs.get(keyOf(app, unit))
  const end = known?.name === name ? known.end : run(stage, request, signal)
  runs.set(keyOf(app, unit), { name, end })
  return end.catch((error: unknown) => {
    runs.delete(keyOf(app, unit))
    throw error
  })
}

async function run({ options, clock, ran, place }: Stage, request: ExecRequest, signal: AbortSignal): Promise<ExecResult> {
  const { prints = [], code = 0, hangs = false, until } = options.command?.(request) ?? {}
  const { service, release } = request.unit
  const at = new Date(clock.now()).toISOString()
  const log = prints.slice(-50)
  const running = { app: request.app, unit: request.unit, stop: new AbortController() }
  place.commands.add(running)
  try {
    for (const text of prints) request.output({ at, service, release, stream: 'out', text })
    await untilEither(hangs ? once(running.stop.signal, 'abort') : until, signal)
  } finally {
    place.commands.delete(running)
  }
  if (running.stop.signal.aborted) return { code: null, signal: 'SIGTERM', log }
  ran.push(request)
  return { code, signal: null, log }
}

/** Throws the signal's reason when that fires first. */
async function untilEither(until: Promise<unknown> | undefined, signal: AbortSignal): Promise<void> {
  if (until === undefined) return
  const over = new AbortController()
  await Promise.race([until, once(signal, 'abort', { signal: over.signal }).catch(() => undefined)])
  over.abort()
  signal.throwIfAborted()
}

function describe(unit: Unit, instance: FakeInstance): Instance {
  const { id, pid, address, restarts, ended } = instance
  return {
    id,
    unit,
    state: ended === undefined ? 'running' : 'backing-off',
    ...(ended === undefined && { pid }),
    ...(address !== undefined && { address }),
    startedAt: new Date(instance.startedAt).toISOString(),
    restarts,
    ...(ended !== undefined && { exit: { code: ended.code, signal: ended.signal } }),
  }
}

/** Equal inputs are not built twice: the second answer is the first, with `fresh: false`. */
async function build({ builds, options, clock }: Stage, request: BuildRequest, signal: AbortSignal): Promise<Artifact> {
  signal.throwIfAborted()
  const inputs = digest([request.app, request.spec, request.source.commit ?? request.source.root, request.environment])
  const known = builds.get(inputs)
  if (known !== undefined) return { ...known, fresh: false, buildMs: 0 }
  const made = (await options.artifact?.(request)) ?? artifactOf(request, inputs, clock)
  builds.set(inputs, made)
  return made
}

function artifactOf(request: BuildRequest, inputs: Artifact['inputs'], clock: Clock): Artifact {
  return {
    service: request.spec.service,
    digest: inputs,
    inputs,
    files: `/nowhere/artifacts/${inputs.slice('sha256:'.length)}`,
    sizeBytes: 0,
    fileCount: 0,
    layout: 'traced',
    assets: [],
    publicValues: {},
    ...(request.source.commit !== undefined && { commit: request.source.commit }),
    builtAt: new Date(clock.now()).toISOString(),
    fresh: true,
    buildMs: 1,
  }
}

function digest(value: unknown): Artifact['digest'] {
  return digestSchema.parse(`sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`)
}

async function* follow(place: FakePlace, request: LogRequest, signal: AbortSignal) {
  const lines = () => place.lines.get(keyOf(request.app, request.unit)) ?? []
  let next = Math.max(0, lines().length - request.tail)
  for (;;) {
    for (let line = lines()[next]; line !== undefined; line = lines()[next]) {
      next += 1
      yield line
    }
    if (!request.follow || signal.aborted) return
    // Rejects only when the reader has had enough, which is how following ends.
    await once(place.events, 'line', { signal }).catch(() => undefined)
  }
}
