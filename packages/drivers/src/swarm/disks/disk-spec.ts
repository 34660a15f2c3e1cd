import type { RunnableUnit } from '@plimsoll/engine'
import { ownerOfCopy, type AppName } from '@plimsoll/model'
import { diskMarks, resourceLabels, type ResourceMarks } from '../../container/place-labels.ts'
import type { Place } from '../../process/place.ts'
import { onMachine } from '../on-chosen-machine.ts'
import { clusterResourceName } from '../cluster-names.ts'
import { unchecked } from '../health-check.ts'

type Whose = Pick<RunnableUnit, 'app' | 'spec'>

/** Whether its disk is kept. One of a copy is thrown away, and the place keeps nothing of it. */
export function keptDisk({ app, spec: { disk } }: Whose): NonNullable<Whose['spec']['disk']> | undefined {
  return ownerOfCopy(app) === undefined ? disk : undefined
}

/**
 * What an instance has at the path of its service's disk. It begins empty, whatever the image has there, as on Render. That of a copy is in memory, which everybody may write to: a
 * volume would stay on whichever machine it was.
 */
export function diskMounts(place: Place, { app, spec: { service, disk } }: Whose): readonly object[] {
  if (disk === undefined) return []
  const marks = diskMarks(app, { service, name: disk.name })
  if (ownerOfCopy(app) !== undefined) return [{ Type: 'tmpfs', Target: disk.mountPath, TmpfsOptions: { Mode: 0o1777 } }]
  return [volumeAt(place, marks, disk.mountPath)]
}

export interface DiskSpecRequest {
  readonly place: Place
  readonly marks: ResourceMarks
  /** With Node, by digest. */
  readonly image: string
  /** The id of the machine where it is: its files do not move. */
  readonly machine: string
}

/** What the program that gives a disk to a user calls the place where it is. */
const inside = '/disk'
const givingProgram = `const fs = require('fs'), uid = Number(process.argv[1]); fs.chownSync('${inside}', uid, 0); fs.chmodSync('${inside}', 0o755)`

/** What a cluster is sent for a disk: a service by which is known where it is, with no task but for the moment in which {@link giving} it to a user. */
export function diskSpec({ place, marks, image, machine }: DiskSpecRequest): Record<string, unknown> {
  const labels = resourceLabels(place, marks)
  return {
    Name: clusterResourceName(place, marks),
    Labels: labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: image, Command: ['node', '-e', givingProgram], Args: [], User: '0:0', Labels: labels, Healthcheck: unchecked, StopGracePeriod: 0,
        Mounts: [volumeAt(place, marks, inside)], ReadOnly: true, CapabilityDrop: ['ALL'], CapabilityAdd: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'],
      },
      Placement: { Constraints: [onMachine(machine)] },
      RestartPolicy: { Condition: 'none' },
    },
    Mode: { Replicated: { Replicas: 0 } },
    EndpointSpec: { Mode: 'dnsrr' },
  }
}

/** The name of a service that {@link diskSpec} is of, and of the volume. */
export function diskName(place: Place, app: AppName, disk: { readonly service: Whose['spec']['service']; readonly name: string }): string {
  return clusterResourceName(place, diskMarks(app, disk))
}

function volumeAt(place: Place, marks: ResourceMarks, target: string): object {
  return { Type: 'volume', Source: clusterResourceName(place, marks), Target: target, VolumeOptions: { NoCopy: true, Labels: resourceLabels(place, marks) } }
}
