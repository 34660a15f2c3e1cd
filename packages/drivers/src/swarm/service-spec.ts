import type { RunnableUnit } from '@plimsoll/engine'
import { isPublic, listens, ownerOfCopy, type PlanSize } from '@plimsoll/model'
import type { Logging } from '../container/logging.ts'
import { environmentOf } from '../container/container-environment.ts'
import type { ContainerCommand } from '../container/container-command.ts'
import type { ImageFacts } from '../container/image-facts.ts'
import { innerHost, labelsOf, type Marks } from '../container/place-labels.ts'
import type { Place } from '../process/place.ts'
import { onMachine } from './on-chosen-machine.ts'
import { clusterNetwork, contentName, edgeNetwork, execName, instanceHost, serviceName } from './cluster-names.ts'
import { diskMounts } from './disks/disk-spec.ts'
import { endingMs, endingProgram } from './ending-program.ts'
import { unchecked, type HealthCheck } from './health-check.ts'

export interface ServiceRequest {
  readonly place: Place
  readonly runnable: RunnableUnit
  readonly marks: Marks
  /** `name@sha256:…`: what every machine pulls. */
  readonly reference: string
  readonly image: Pick<ImageFacts, 'uid' | 'user'>
  readonly command: ContainerCommand
  readonly logging: Logging
  /** What an instance may use at most; all that its machine has when absent. */
  readonly size: PlanSize | undefined
  /** On which machines it may run: `node.labels.tier == app`. */
  readonly constraints: readonly string[]
  /** The id of the only one where it may run, because its disk is there. */
  readonly machine?: string | undefined
}

/** A secret of the cluster by its content, as it is made, and as tasks name it. */
export interface ContentSecret {
  readonly name: string
  readonly data: string
  readonly path: string
  readonly uid: number
}

/** Enough for every server, and an end to a fork bomb. */
const mostProcesses = 4_096
const second = 1e9

/** Whether it is a server that can be made to end as {@link endingProgram} has it: what Node runs is, what a shell runs is not. */
function endsLate({ command, marks, runnable }: ServiceRequest): boolean {
  return command.loader === 'node' && marks.role === 'instance' && listens(runnable.spec.kind)
}

/** The part of the environment that the engine is not to show, and what runs before a server, as a secret: of equal content there is one. */
export function environmentSecret(request: ServiceRequest): ContentSecret | undefined {
  const { runnable: { app }, place, image } = request
  const { file } = environmentOf(request)
  if (file === undefined) return undefined
  // Clusters take no empty secret, and whoever reads the file wants it to be there.
  const data = `${file.text}${endsLate(request) ? endingProgram(endingMs) : ''}` || '\n'
  return { name: contentName('env', [place.id, app, data]), data, path: file.path, uid: image.uid }
}

/** What a cluster is sent for the instances of a unit; `secretId` is that of {@link environmentSecret}. */
export function instancesSpec(request: ServiceRequest, { secretId, check, labels }: { readonly secretId: string | undefined; readonly check: HealthCheck | undefined; readonly labels: Readonly<Record<string, string>> }): Record<string, unknown> {
  const { place, runnable: { app, unit, spec } } = request
  const container = containerSpec(request, secretId)
  const mounts = diskMounts(place, request.runnable)
  return {
    Name: serviceName(place, app, unit),
    Labels: { ...labelsOf(place, request.marks), ...labels },
    TaskTemplate: {
      ...taskTemplate(request),
      ContainerSpec: {
        ...container,
        Hostname: instanceHost(app, unit, '{{.Task.Slot}}'),
        ...(mounts.length > 0 && { Mounts: mounts }),
        ...(check && { Healthcheck: check }),
        StopGracePeriod: (spec.maxShutdownDelayMs + (endsLate(request) ? endingMs : 0)) * 1e6,
      },
      Networks: [
        { Target: clusterNetwork(place, app), Aliases: listens(spec.kind) ? [innerHost(app, unit)] : [] },
        // Copies have an edge of their own, which is not in the cluster.
        ...(isPublic(spec.kind) && ownerOfCopy(app) === undefined ? [{ Target: edgeNetwork(place) }] : []),
      ],
      RestartPolicy: { Condition: 'any', Delay: second },
    },
    Mode: { Replicated: { Replicas: spec.instances } },
    EndpointSpec: { Mode: 'dnsrr' },
  }
}

/** What a cluster is sent for a command that ends by itself, and is not run again wherever it ends. */
export function execSpec(request: ServiceRequest, { secretId }: { readonly secretId: string | undefined }): Record<string, unknown> {
  const { place, runnable: { app, unit } } = request
  return {
    Name: execName(place, app, unit),
    Labels: labelsOf(place, request.marks),
    TaskTemplate: {
      ...taskTemplate(request),
      // What is not wanted any more is not asked to end well.
      ContainerSpec: { ...containerSpec(request, secretId), Healthcheck: unchecked, StopGracePeriod: 0 },
      Networks: [{ Target: clusterNetwork(place, app) }],
      RestartPolicy: { Condition: 'none' },
    },
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
  }
}

function taskTemplate({ logging, size, constraints, machine }: ServiceRequest) {
  const where = [...constraints, ...(machine === undefined ? [] : [onMachine(machine)])]
  return {
    LogDriver: { Name: logging.driver, Options: logging.options },
    Resources: { Limits: { Pids: mostProcesses, ...(size && { NanoCPUs: Math.round(size.cpus * 1e9), MemoryBytes: size.memoryMb * 1024 * 1024 }) } },
    ...(where.length > 0 && { Placement: { Constraints: where } }),
  }
}

function containerSpec(request: ServiceRequest, secretId: string | undefined) {
  const { reference, command, place, marks, image } = request
  const secret = environmentSecret(request)
  const isRoot = /^(?:|root|0)(?::|$)/.test(image.user)
  return {
    Image: reference,
    Command: command.entrypoint,
    Args: command.arguments,
    Env: Object.entries(environmentOf(request).shown).map(([key, value]) => `${key}=${key === 'RENDER_INSTANCE_ID' ? value : literally(value)}`),
    Labels: labelsOf(place, marks),
    Init: true,
    ...(!command.isOfImage && { StopSignal: 'SIGTERM' }),
    ...(!isRoot && { CapabilityDrop: ['ALL'] }),
    ...(secret && secretId !== undefined && { Secrets: [{ SecretID: secretId, SecretName: secret.name, File: { Name: secret.path, UID: String(secret.uid), GID: '0', Mode: 0o400 } }] }),
  }
}

/** Clusters take variables for templates, and would replace what stands between double braces. */
function literally(value: string): string {
  return value.replaceAll('{{', '{{"{{"}}')
}
