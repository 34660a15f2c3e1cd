import type { RunnableUnit } from '@plimsoll/engine'
import { listens, type PlanSize } from '@plimsoll/model'
import { containerPort, environmentOf } from '../container/container-environment.ts'
import type { Logging } from '../container/logging.ts'
import type { Place } from '../process/place.ts'
import type { ContainerCommand } from '../container/container-command.ts'
import type { ImageFacts } from '../container/image-facts.ts'
import { innerHost, labelsOf, networkName, type Marks } from '../container/place-labels.ts'
import { mountsOf } from './unit-disk.ts'

export interface ContainerRequest {
  readonly place: Place
  readonly runnable: RunnableUnit
  readonly marks: Marks
  readonly image: ImageFacts
  readonly command: ContainerCommand
  readonly logging: Logging
  /** What it may use at most; all that the machine has when absent. */
  readonly size: PlanSize | undefined
}

/** Where an instance is reached from the machine. */
export interface Published {
  readonly host: string
  readonly port: number
}

/** Enough for every server, and an end to a fork bomb. */
const mostProcesses = 4_096

/**
 * `unless-stopped` would not do: an engine that died, and finds containers running when it starts again, stops them as a
 * person would, and leaves them so, for ever. What is not to come back is removed, or told so.
 */
export const keptRunning = { Name: 'always' } as const

/** Neither an engine nor a machine that starts again brings it back. Said before it is told to end. */
export const leftStopped = { Name: 'no' } as const

/** What the engine is sent for an instance: kept running until it is stopped, also across a restart of the machine. */
export function instanceBody(request: ContainerRequest, published: Published | undefined): Record<string, unknown> {
  const { place, runnable: { app, unit, spec } } = request
  const port = `${containerPort}/tcp`
  const body = commonBody(request)
  return {
    ...body,
    ...(published && { ExposedPorts: { [port]: {} } }),
    HostConfig: {
      ...body.HostConfig,
      ...mountsOf(place, request.runnable),
      RestartPolicy: keptRunning,
      ...(published && { PortBindings: { [port]: [{ HostIp: published.host, HostPort: String(published.port) }] } }),
    },
    NetworkingConfig: {
      EndpointsConfig: { [networkName(place, app)]: { Aliases: listens(spec.kind) ? [innerHost(app, unit)] : [] } },
    },
  }
}

/** What the engine is sent for a command that ends by itself. */
export function execBody(request: ContainerRequest): Record<string, unknown> {
  // A health check of the image is about its server.
  return { ...commonBody(request), Healthcheck: { Test: ['NONE'] } }
}

function commonBody(request: ContainerRequest) {
  const { place, runnable, marks, image, command, logging, size } = request
  const isRoot = /^(?:|root|0)(?::|$)/.test(image.user)
  return {
    Image: image.id,
    Entrypoint: command.entrypoint,
    Cmd: command.arguments,
    ...(!command.isOfImage && { StopSignal: 'SIGTERM' }),
    Labels: labelsOf(place, marks),
    Env: Object.entries(environmentOf(request).shown).map(([key, value]) => `${key}=${value}`),
    HostConfig: {
      Init: true,
      NetworkMode: networkName(place, runnable.app),
      LogConfig: { Type: logging.driver, Config: logging.options },
      ...(size && limitsOf(size)),
      PidsLimit: mostProcesses,
      SecurityOpt: ['no-new-privileges'],
      // Root needs some of them for what it is root for; others have none that they could use.
      ...(!isRoot && { CapDrop: ['ALL'] }),
    },
  }
}

/** The engine's words for a size, 0 for no limit. No swap besides: a server that is swapped out answers nobody in time, and is better started again. */
export function limitsOf({ cpus = 0, memoryMb = 0 }: Partial<PlanSize>): { readonly Memory: number; readonly MemorySwap: number; readonly NanoCpus: number } {
  const bytes = memoryMb * 1024 * 1024
  return { Memory: bytes, MemorySwap: bytes, NanoCpus: Math.round(cpus * 1e9) }
}
