import type { BuildRequest, Clock, Driver, Reach } from '@plimsoll/engine'
import { listens, type Artifact, type Instance } from '@plimsoll/model'
import type { Listening } from '../process/describe-listening.ts'
import type { Registry } from '../registry/registry.ts'
import { openPlace } from '../process/place.ts'
import { defaultPortRange, type PortRange } from '../process/ports.ts'
import { containerPort } from '../container/container-environment.ts'
import { defaultLogging, type Logging } from '../container/logging.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { execInContainer } from './exec-container.ts'
import { describeContainerListening } from './container-listening.ts'
import { createImageBook } from '../container/image-facts.ts'
import { keepInstances } from './keep-instances.ts'
import { createPlanBook } from './plan-book.ts'
import { measureContainers } from './measure-containers.ts'
import { observeContainers, unitsOnEngine } from './observe-containers.ts'
import { innerHost } from '../container/place-labels.ts'
import { sweepProbes } from '../container/probe-container.ts'
import { reachInside, type ReachQuestion } from './reach-inside.ts'
import { settleAddresses } from './settled-addresses.ts'
import { startContainers, type Yard } from './start-containers.ts'
import { stopContainers } from './stop-containers.ts'
import { readUnitLogs } from './unit-logs.ts'

export interface DockerDriverOptions {
  /**
   * Holds which ports were settled for whom, and the id that everything on the engine is labelled with. May be the home of a
   * process driver, too.
   */
  readonly home: string
  readonly engine: DockerEngine
  /** Makes artifacts with an image that `engine` has. */
  readonly builder: { build(request: BuildRequest, signal: AbortSignal): Promise<Artifact> }
  /** Where images that are not built here come from; none can be run that the engine has lost unless given. */
  readonly registry?: Pick<Registry, 'fetch'> | undefined
  readonly clock: Clock
  /** From where instances get the ports by which this machine reaches them; 21000–29999 unless given. */
  readonly ports?: PortRange | undefined
  /** `plan`, which is the default, gives an instance the processors and the memory of its Blueprint's plan; `none` all that the machine has. */
  readonly limits?: 'plan' | 'none' | undefined
  /** How the engine keeps what is printed; up to three files of 10 MB for each instance unless given. */
  readonly logging?: Logging | undefined
}

export interface DockerDriver extends Driver {
  /** Where an instance really listens: for saying "only on 127.0.0.1", or "on 3000 instead of its PORT". */
  listening(instance: Pick<Instance, 'id' | 'address'>, signal?: AbortSignal): Promise<readonly Listening[]>
  /** Whether an instance of the unit can open a connection to an address of its app's network; undefined for other addresses. */
  reach(question: ReachQuestion, signal: AbortSignal): Promise<Reach | undefined>
  /** Removes what a Plimsoll that died has left behind. To be called once, before anything else; what should run needs nobody to start it. */
  sweep(signal: AbortSignal): Promise<void>
  /** Starts again, from now on and until it is closed, instances that somebody has ended by the engine's own client. To be called once. */
  keepUp(report: (error: unknown) => void): void
  /** Lets go of commands that are to run once; they run on, and so does everything else. */
  close(): Promise<void>
}

/** For whoever only wants to say more in a message. */
const listeningMs = 5_000

/**
 * Runs units as containers of a Docker engine. All that it knows it reads from the engine, by the labels of its place; the engine
 * keeps everything running, also when the machine starts again, whether Plimsoll runs or not.
 */
export function createDockerDriver(options: DockerDriverOptions): DockerDriver {
  const { home, engine, builder, registry, clock, ports = defaultPortRange, limits = 'plan', logging = defaultLogging } = options
  const place = openPlace(home)
  const closing = new AbortController()
  const addresses = settleAddresses({ engine, place, clock, range: ports })
  const sizeOf: Yard['sizeOf'] = limits === 'plan' ? createPlanBook(engine) : async () => undefined
  const yard: Yard = { engine, place, clock, addresses, logging, sizeOf, imageOf: createImageBook({ engine, place, registry }), closing: closing.signal }
  return {
    name: 'docker',
    can: { startBeside: true, exec: true, scale: true, measure: true, disks: true },
    observe: (app, signal) => observeContainers(yard, app, signal),
    units: (app, signal) => unitsOnEngine(yard, app, signal),
    build: (request, signal) => builder.build(request, signal),
    addresses: async (app, unit, spec) => (listens(spec.kind) ? addresses(app, unit, spec.instances) : []),
    inner: async (app, unit, spec) => (listens(spec.kind) ? { host: innerHost(app, unit), port: containerPort } : undefined),
    exec: (request, signal) => execInContainer(yard, request, signal),
    async start(runnable, signal) {
      await startContainers(yard, runnable, signal)
      return (await observeContainers(yard, runnable.app, signal)).filter(({ unit }) => unit.name === runnable.unit.name)
    },
    // oxlint-disable-next-line max-params -- so the interface has it
    stop: (app, unit, graceMs, signal) => stopContainers(yard, { app, unit, graceMs }, signal),
    measure: (app, signal) => measureContainers(yard, app, signal),
    logs: (request, signal) => readUnitLogs(yard, request, signal),
    listening: (instance, signal = AbortSignal.timeout(listeningMs)) => describeContainerListening(yard, instance, signal),
    reach: (question, signal) => reachInside(yard, question, signal),
    sweep: (signal) => sweepProbes(yard, { signal }),
    keepUp: (report) => void keepInstances(yard, { report, signal: closing.signal }),
    close: async () => closing.abort(new Error('the driver is closed; what was begun runs on')),
  }
}
