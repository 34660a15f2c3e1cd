import type { PlanSize } from '@plimsoll/model'
import type { Logging } from '../../container/logging.ts'
import { resourceLabels } from '../../container/place-labels.ts'
import { copyServerCommand, copyServerInit, databaseEnvironment, keptDatabase, resourceHost, serverIn, shapes, type ResourceName } from '../../docker/resources/resource-body.ts'
import type { Place } from '../../process/place.ts'
import { onMachine } from '../on-chosen-machine.ts'
import { clusterNetwork, clusterResourceName } from '../cluster-names.ts'
import type { HealthCheck } from '../health-check.ts'

export interface ResourceSpecRequest {
  readonly place: Place
  readonly resource: ResourceName
  /** By digest. */
  readonly image: string
  readonly logging: Logging
  readonly size: Partial<PlanSize> | undefined
  /** Its id: data does not move. Undefined for what keeps none. */
  readonly machine: string | undefined
  /** What its image reads as a file. */
  readonly secret: { readonly id: string; readonly name: string }
}

const second = 1e9
/** Often, for whoever waits, and cheap: a program of the image that opens a connection. A long recovery is no failure. */
const pace = { Interval: 2 * second, Timeout: 5 * second, Retries: 5, StartPeriod: 600 * second, StartInterval: 2 * second } as const
/** PostgreSQL's parallel workers share more than the engine's 64 MB. */
const sharedBytes = 256 * 1_024 ** 2

/** What a cluster is sent for a database, as its official image wants to be asked. */
export function databaseSpec(request: ResourceSpecRequest, { role, database }: { readonly role: string; readonly database: string }): Record<string, unknown> {
  return resourceSpec(request, {
    Env: databaseEnvironment({ role, database, initdb: keptDatabase }),
    // Fast shutdown: SIGTERM would wait for every client to leave.
    StopSignal: 'SIGINT',
    Healthcheck: answersTo({ role, database }),
  })
}

/** What a cluster is sent for the databases of copies. Its volume has no name, and goes with its one task, which is not started again: the next one would have lost all of them. */
export function copyServerSpec(request: ResourceSpecRequest, account: { readonly role: string; readonly database: string }): Record<string, unknown> {
  const spec = resourceSpec({ ...request, machine: undefined }, {
    Env: databaseEnvironment({ ...account, initdb: copyServerInit }),
    Args: copyServerCommand,
    StopSignal: 'SIGINT',
    Healthcheck: answersTo(account),
  })
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, RestartPolicy: { Condition: 'none' } } }
}

/** What a cluster is sent for Valkey or Redis, which is told everything by its file. */
export function keyValueSpec(request: ResourceSpecRequest): Record<string, unknown> {
  const server = serverIn(request.image)
  return resourceSpec(request, {
    Args: [server, shapes.keyvalue.secret],
    // Also one that wants a password first has answered.
    Healthcheck: { Test: ['CMD', server.replace('-server', '-cli'), 'PING'], ...pace } satisfies HealthCheck,
  })
}

/** Over TCP: while the image sets it up, the server answers on its own socket only. */
function answersTo({ role, database }: { readonly role: string; readonly database: string }): HealthCheck {
  return { Test: ['CMD', 'pg_isready', '-q', '-h', '127.0.0.1', '-U', role, '-d', database], ...pace }
}

function resourceSpec({ place, resource, image, logging, size, machine, secret }: ResourceSpecRequest, container: Record<string, unknown>) {
  const name = clusterResourceName(place, resource)
  const { data, secret: path } = shapes[resource.kind]
  const labels = resourceLabels(place, resource)
  return {
    Name: name,
    Labels: labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: image, Labels: labels, StopGracePeriod: 60 * second,
        Mounts: [{ Type: 'volume', Target: data, VolumeOptions: { Labels: labels }, ...(machine !== undefined && { Source: name }) }, { Type: 'tmpfs', Target: '/dev/shm', TmpfsOptions: { SizeBytes: sharedBytes } }],
        // The images' own users read it, whose numbers differ.
        Secrets: [{ SecretID: secret.id, SecretName: secret.name, File: { Name: path, UID: '0', GID: '0', Mode: 0o444 } }],
        ...container,
      },
      Networks: [{ Target: clusterNetwork(place, resource.app), Aliases: [resourceHost(resource)] }],
      ...(machine !== undefined && { Placement: { Constraints: [onMachine(machine)] } }),
      Resources: { Limits: { ...(size?.cpus !== undefined && { NanoCPUs: Math.round(size.cpus * 1e9) }), ...(size?.memoryMb !== undefined && { MemoryBytes: size.memoryMb * 1024 * 1024 }) } },
      RestartPolicy: { Condition: 'any', Delay: second },
      LogDriver: { Name: logging.driver, Options: logging.options },
    },
    Mode: { Replicated: { Replicas: 1 } },
    // Two at once would write the same files.
    UpdateConfig: { Parallelism: 1, Order: 'stop-first' },
    EndpointSpec: { Mode: 'dnsrr' },
  }
}
