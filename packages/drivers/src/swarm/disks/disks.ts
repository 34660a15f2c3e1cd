import { PlimsollError, type AppName, type ServiceName } from '@plimsoll/model'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { diskMarks } from '../../container/place-labels.ts'
import { withLock } from '../../process/lock.ts'
import { lockName } from '../../process/place.ts'
import { machineIn, onChosenMachine } from '../on-chosen-machine.ts'
import { hasEnded, tasksOf, type Cluster, type Task } from '../cluster.ts'
import { readTaskLog } from '../task-log.ts'
import { diskName, diskSpec } from './disk-spec.ts'
import { whyNotThere } from './why-not-there.ts'

/** The disk of a service, as a Blueprint names it. */
export interface DiskName {
  readonly service: ServiceName
  readonly name: string
}

export interface Disks {
  /**
   * The id of the machine where the disk is, which is chosen when this is asked first, and is the same ever after. Throws `PLACE_CANNOT` where no machine may keep data.
   */
  settle(app: AppName, disk: DiskName, signal: AbortSignal): Promise<string>
  /** Lets a user write to the disk, which has to be settled. Throws `PLACE_CANNOT` with the name of its machine while that is away. Twice is once. */
  give(app: AppName, disk: DiskName & { readonly uid: number }, signal: AbortSignal): Promise<void>
  /** What a person reads where nothing that has the disk can run; undefined where its machine is there and takes tasks. */
  whyNotThere(app: AppName, disk: DiskName, signal: AbortSignal): Promise<PlimsollError | undefined>
}

export interface DisksOptions {
  readonly cluster: Cluster
  /** Of the machines that may keep data. */
  readonly label: string
  /** With Node, by digest: what a disk is given to a user by. */
  readonly image: string
  /** What a machine has to show at the registry from where it pulls that. */
  readonly login: (app: AppName, signal: AbortSignal) => Promise<Readonly<Record<string, string>>>
}

const labelsSchema = z.record(z.string(), z.string()).nullish()
const keptSchema = z.object({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.looseObject({
    Labels: labelsSchema,
    Mode: z.object({ Replicated: z.object({ Replicas: z.number() }) }),
    TaskTemplate: z.looseObject({ ContainerSpec: z.looseObject({ Labels: labelsSchema }), Placement: z.object({ Constraints: z.array(z.string()).nullish() }) }),
  }),
})
type Kept = z.infer<typeof keptSchema>

/** Of the service: the user that it was given to last. */
const ownerKey = 'plimsoll.owner'
/** Of a task: which giving it is. */
const givingKey = 'plimsoll.giving'

/**
 * Disks of services: volumes, each on one machine, which does not change. Where, stands in a service of the cluster that has the name of the volume, and that has no
 * task: whoever removes it says that the disk is lost.
 */
export function createDisks(options: DisksOptions): Disks {
  const { cluster, label, image, login } = options
  const { managers, place, clock } = cluster
  const find = async (app: AppName, disk: DiskName, signal: AbortSignal): Promise<Kept | undefined> => {
    const { status, body } = await managers.call({ path: `/services/${diskName(place, app, disk)}`, to: `look for the disk of ${disk.service}`, also: [404] }, signal)
    return status === 404 ? undefined : keptSchema.parse(JSON.parse(body))
  }
  const lockOf = (app: AppName, disk: DiskName) => ({ name: lockName(place, `swarm-disk/${diskName(place, app, disk)}`), clock })
  const make = async (app: AppName, disk: DiskName, signal: AbortSignal): Promise<Kept> => {
    const headers = await login(app, signal)
    await onChosenMachine(cluster, { label, instead: `Or keep the files of ${disk.service} in an object store.`, async work(machine) {
      const body = diskSpec({ place, marks: diskMarks(app, disk), image, machine })
      // 409: an answer was lost.
      await managers.call({ method: 'POST', path: '/services/create', body, headers, to: `settle where the disk of ${disk.service} is`, also: [409] }, signal)
    } }, signal)
    const made = await find(app, disk, signal)
    if (made === undefined) throw new Error(`the disk of ${disk.service} was removed by somebody else`)
    return made
  }
  const settled = async (app: AppName, disk: DiskName, signal: AbortSignal): Promise<Kept> => (await find(app, disk, signal)) ?? make(app, disk, signal)
  return {
    settle: (app, disk, signal) => withLock(lockOf(app, disk), async () => machineOf(await settled(app, disk, signal)), signal),
    give: (app, { uid, ...disk }, signal) => withLock(lockOf(app, disk), async () => {
      const kept = await settled(app, disk, signal)
      // Root writes to all of them.
      if (uid === 0 || kept.Spec.Labels?.[ownerKey] === String(uid)) return
      const giving = randomBytes(4).toString('hex')
      const named = { ...disk, volume: diskName(place, app, disk), machine: machineOf(kept) }
      const change = async (spec: Kept['Spec']): Promise<void> => {
        const now = (await find(app, disk, signal)) ?? kept
        await managers.call({ method: 'POST', path: `/services/${now.ID}/update`, query: { version: now.Version.Index }, body: spec, headers: await login(app, signal), to: `give the disk of ${disk.service} to the user of its image` }, signal)
      }
      await change(givingSpec(kept.Spec, { giving, uid }))
      try {
        await untilGiven(cluster, { ...named, id: kept.ID, giving }, signal)
        await change(restingSpec(kept.Spec, uid))
      } catch (error) {
        await change(restingSpec(kept.Spec, undefined)).catch(() => undefined) // What it does not do now, the next giving does.
        throw error
      }
    }, signal),
    async whyNotThere(app, disk, signal) {
      const kept = await find(app, disk, signal)
      return kept && whyNotThere(managers, { ...disk, volume: diskName(place, app, disk), machine: machineOf(kept) }, signal)
    },
  }
}

function machineOf({ Spec }: Kept): string {
  const [first = ''] = Spec.TaskTemplate.Placement.Constraints ?? []
  return machineIn(first) ?? ''
}

function givingSpec(spec: Kept['Spec'], { giving, uid }: { readonly giving: string; readonly uid: number }): Kept['Spec'] {
  const { ContainerSpec } = spec.TaskTemplate
  return { ...spec, Mode: { Replicated: { Replicas: 1 } }, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { ...ContainerSpec, Args: [String(uid)], Labels: { ...ContainerSpec.Labels, [givingKey]: giving } } } }
}

/** Without a task: a cluster would begin a new one whenever the machine was away. */
function restingSpec(spec: Kept['Spec'], uid: number | undefined): Kept['Spec'] {
  return { ...spec, Mode: { Replicated: { Replicas: 0 } }, Labels: { ...spec.Labels, ...(uid !== undefined && { [ownerKey]: String(uid) }) } }
}

interface Giving extends DiskName {
  readonly volume: string
  readonly machine: string
  readonly id: string
  readonly giving: string
}

const pollMs = 100
/** How long a cluster may find its machine away before that is told: it may just be coming back. */
const homelessMs = 20_000
/** Also for a machine that pulls the image for the first time. */
const longestMs = 600_000

async function untilGiven(cluster: Cluster, wanted: Giving, signal: AbortSignal): Promise<void> {
  const { clock, managers } = cluster
  const begun = clock.now()
  for (;; await clock.sleep(pollMs, signal)) {
    const task = (await tasksOf(cluster, [wanted.id], signal)).find(({ labels }) => labels[givingKey] === wanted.giving)
    if (task?.state === 'complete') return
    if (task !== undefined && hasEnded(task)) throw await notGiven(cluster, { ...wanted, task }, signal)
    if (clock.now() - begun < homelessMs) continue
    const why = await whyNotThere(managers, wanted, signal)
    if (why !== undefined) throw why
    if (clock.now() - begun >= longestMs) throw await notGiven(cluster, { ...wanted, task }, signal)
  }
}

async function notGiven({ managers }: Cluster, { service, name, volume, task }: Giving & { readonly task: Task | undefined }, signal: AbortSignal): Promise<PlimsollError> {
  const log: string[] = []
  if (task?.hasContainer === true) for await (const { text } of readTaskLog(managers, { id: task.id, tail: 20, follow: false }, signal)) log.push(text)
  return new PlimsollError('ENGINE_REFUSED', `The disk ${name} of ${service} could not be given to the user of its image${task === undefined || task.says === '' ? '' : `: ${task.says}`}`, {
    hint: `Read what the cluster says of it: docker service ps --no-trunc ${volume}`, details: { log },
  })
}
