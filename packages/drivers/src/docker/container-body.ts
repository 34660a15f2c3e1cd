import type { RunnableUnit } from '@plimsoll/engine'
import { listens } from '@plimsoll/model'
import type { Place } from '../process/place.ts'
import type { ContainerCommand } from './container-command.ts'
import type { ImageFacts } from './image-facts.ts'
import { innerHost, labelsOf, networkName, type Marks } from './place-labels.ts'

/** Where every instance listens inside its container, as on Render. */
export const containerPort = 10_000

/** How the engine keeps what containers print; `json-file`, `local` and `journald` can be read again. */
export interface Logging {
  readonly driver: string
  readonly options: Readonly<Record<string, string>>
}

/** Bounded, and readable again. */
export const defaultLogging: Logging = { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } }

export interface ContainerRequest {
  readonly place: Place
  readonly runnable: RunnableUnit
  readonly marks: Marks
  readonly image: ImageFacts
  /** The image's own where there is none. */
  readonly command: ContainerCommand | undefined
  readonly logging: Logging
}

/** Where an instance is reached from the machine. */
export interface Published {
  readonly host: string
  readonly port: number
}

/** Enough for every server, and an end to a fork bomb. */
const mostProcesses = 4_096

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
      RestartPolicy: { Name: 'unless-stopped' },
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

function commonBody({ place, runnable, marks, image, command, logging }: ContainerRequest) {
  const isRoot = /^(?:|root|0)(?::|$)/.test(image.user)
  return {
    // An image's own command keeps its own way of being told to end.
    ...(command && { Entrypoint: command.entrypoint, Cmd: command.arguments, StopSignal: 'SIGTERM' }),
    Image: image.id,
    Labels: labelsOf(place, marks),
    Env: Object.entries({ ...(command?.tellsGroup === true && { TINI_KILL_PROCESS_GROUP: '1' }), ...environmentOf(runnable, marks) }).map(([key, value]) => `${key}=${value}`),
    HostConfig: {
      Init: true,
      NetworkMode: networkName(place, runnable.app),
      LogConfig: { Type: logging.driver, Config: logging.options },
      PidsLimit: mostProcesses,
      SecurityOpt: ['no-new-privileges'],
      // Root needs some of them for what it is root for; others have none that they could use.
      ...(!isRoot && { CapDrop: ['ALL'] }),
    },
  }
}

/** What the Blueprint says, and what differs between instances. */
function environmentOf({ spec, environment }: RunnableUnit, { id, role }: Marks): Record<string, string> {
  return { ...environment, RENDER_INSTANCE_ID: id, ...(role === 'instance' && listens(spec.kind) && { PORT: String(containerPort) }) }
}
