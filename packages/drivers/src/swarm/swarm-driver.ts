import type { BuildRequest, Clock, Driver } from '@plimsoll/engine'
import { listens, type Address, type AppName, type Artifact, type Instance } from '@plimsoll/model'
import type { Duplex } from 'node:stream'
import { containerPort } from '../container/container-environment.ts'
import { defaultLogging, type Logging } from '../container/logging.ts'
import type { DockerEngine } from '../docker-engine/docker-engine.ts'
import { createImageBook } from '../container/image-facts.ts'
import { innerHost } from '../container/place-labels.ts'
import { sweepProbes } from '../container/probe-container.ts'
import type { Listening } from '../process/describe-listening.ts'
import { openPlace } from '../process/place.ts'
import type { Registry } from '../registry/registry.ts'
import { instanceAddress, serviceName } from './cluster-names.ts'
import { openCluster } from './cluster.ts'
import { createDisks, type DiskName } from './disks/disks.ts'
import { createDoors } from './doors.ts'
import { execInCluster } from './exec-service.ts'
import { createMachineBook } from './machine-book.ts'
import { measureTasks } from './measure-tasks.ts'
import { taskListening } from './task-listening.ts'
import { observeTasks, unitsInCluster } from './observe-tasks.ts'
import { openManagers } from './open-managers.ts'
import { startService, type Yard } from './start-service.ts'
import { stopServices } from './stop-service.ts'
import { readTaskLogs } from './unit-task-logs.ts'

export interface SwarmDriverOptions {
  /** Holds the id that everything in the cluster is labelled with. */
  readonly home: string
  /** Engines that are managers of the cluster: one that answers is enough. */
  readonly managers: readonly [DockerEngine, ...DockerEngine[]]
  /** Where images are built and looked into; may be a manager, too. */
  readonly workshop: DockerEngine
  /** An image with Node, by which Plimsoll looks into the networks of apps, and gives disks to the users of images: by digest, or one that the machines have. */
  readonly doorImage: string
  /** The label of the machines that may keep disks: `plimsoll.data` for `node.labels.plimsoll.data == true`. */
  readonly dataLabel: string
  /** Makes artifacts with an image of a registry that the machines reach. */
  readonly builder: { build(request: BuildRequest, signal: AbortSignal): Promise<Artifact> }
  readonly registry: Pick<Registry, 'fetch' | 'authorization'>
  readonly clock: Clock
  /** `plan`, which is the default, gives an instance the processors and the memory of its Blueprint's plan; `none` all that its machine has. */
  readonly limits?: 'plan' | 'none' | undefined
  /** How engines keep what is printed; up to three files of 10 MB for each instance unless given. */
  readonly logging?: Logging | undefined
  /** On which machines units may run, in the cluster's words: `node.labels.tier == app`. On all unless given. */
  readonly constraints?: readonly string[] | undefined
}

export interface SwarmDriver extends Driver {
  /** A connection to an address of a unit or an instance of the app, from where its other units are. Rejects as a connection does that is refused. */
  dial(app: AppName, address: Address, signal: AbortSignal): Promise<Duplex>
  /** Settles on which machine the disk of a service is, for ever. Twice is once. Throws `PLACE_CANNOT` where no machine may keep data. */
  keepDisk(app: AppName, disk: DiskName, signal: AbortSignal): Promise<void>
  /** Where an instance really listens, where a manager's machine runs it: for saying "only on 127.0.0.1", or "on 3000 instead of its PORT". */
  listening(instance: Pick<Instance, 'id' | 'address'>, signal?: AbortSignal): Promise<readonly Listening[]>
  /** Removes from the workshop what a Plimsoll that died has left behind there. To be called once, before anything else. */
  sweep(signal: AbortSignal): Promise<void>
  /** Lets go of commands that are to run once; they run on, and so does everything else. */
  close(): Promise<void>
}

/** For whoever only wants to say more in a message. */
const listeningMs = 5_000

/**
 * Runs units as services of a Docker Swarm: one for each Service of each Release, with an instance as a task. A release comes beside the one that is live, and
 * no service is ever given another image: what runs is read from tasks and digests. The cluster keeps everything running, on whichever machine is left.
 */
export function createSwarmDriver(options: SwarmDriverOptions): SwarmDriver {
  const { home, managers: engines, workshop, doorImage, dataLabel, builder, registry, clock, limits = 'plan', logging = defaultLogging, constraints = [] } = options
  const place = openPlace(home)
  const closing = new AbortController()
  const managers = openManagers({ engines, clock })
  const loginOf: typeof registry.authorization = (wanted, signal) => registry.authorization(wanted, signal)
  const login = (app: AppName, signal: AbortSignal) => loginOf({ app, service: 'a look into the cluster', image: { reference: doorImage } }, signal)
  const cluster = openCluster({ managers, place, clock, doors: createDoors({ engines, place, image: doorImage, login }) })
  const yard: Yard = {
    ...cluster, logging, disks: createDisks({ cluster, label: dataLabel, image: doorImage, login }), constraints, closing: closing.signal,
    imageOf: createImageBook({ engine: workshop, place, registry }),
    sizeOf: limits === 'plan' ? createMachineBook(managers) : async () => undefined,
    loginOf: ({ app, spec, artifact: { image = '' } }, signal) => loginOf({ app, service: spec.service, image: { ...spec.image, reference: image } }, signal),
  }
  return {
    name: 'swarm',
    can: { startBeside: true, exec: true, scale: true, measure: true, disks: true, scatters: true },
    observe: (app, signal) => observeTasks(yard, app, signal),
    units: (app, signal) => unitsInCluster(yard, app, signal),
    build: (request, signal) => builder.build(request, signal),
    addresses: async (app, unit, spec) => (listens(spec.kind) ? Array.from({ length: spec.instances }, (_, index) => instanceAddress(app, unit, index)) : []),
    inner: async (app, unit, spec) => (listens(spec.kind) ? { host: innerHost(app, unit), port: containerPort } : undefined),
    // Clusters give every service its own name, also those that were made by an earlier Plimsoll.
    together: (app, unit) => serviceName(place, app, unit),
    exec: (request, signal) => execInCluster(yard, request, signal),
    async start(runnable, signal) {
      await startService(yard, runnable, signal)
      return (await observeTasks(yard, runnable.app, signal)).filter(({ unit }) => unit.name === runnable.unit.name)
    },
    // oxlint-disable-next-line max-params -- so the interface has it
    stop: (app, unit, _graceMs, signal) => stopServices(yard, { app, unit }, signal),
    measure: (app, signal) => measureTasks({ engines, place }, app, signal),
    logs: (request, signal) => readTaskLogs(yard, request, signal),
    listening: (instance, signal = AbortSignal.timeout(listeningMs)) => taskListening({ engines, place }, instance, signal),
    async keepDisk(app, disk, signal) {
      await yard.disks.settle(app, disk, signal)
    },
    sweep: (signal) => sweepProbes({ engine: workshop, place }, { signal }),
    dial: (app, address, signal) => yard.doors.dial(app, address, signal),
    async close() {
      closing.abort(new Error('the driver is closed; what was begun runs on'))
      await yard.doors.close()
    },
  }
}
