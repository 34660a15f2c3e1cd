import { PlimsollError } from '@plimsoll/model'
import { isPlaced, tasksOf, type Cluster, type Task } from './cluster.ts'

const pollMs = 100
/** For all: also a machine that pulls an image for the first time. */
const longestMs = 600_000
/** How long a cluster may find no machine before that is told: one may just be coming back. */
const homelessMs = 20_000
/** How often machines may refuse what they are given. */
const mostRefusals = 3

export interface Placing {
  readonly service: string
  /** Only tasks of this one count: what a service was told, and what its tasks run, may differ. */
  readonly image: string
  readonly count: number
  /** That what the cluster has given up is not tried again: it counts, too. */
  readonly isOnce?: true
  /** Whose instances they are, for people. */
  readonly of: string
  /** What is told where the cluster finds no machine, in better words than its own. */
  readonly whyHomeless?: ((signal: AbortSignal) => Promise<PlimsollError | undefined>) | undefined
}

/**
 * Waits until each instance has a container, or had one that has ended. Throws `PLACE_CANNOT` when the cluster has no machine for it,
 * `IMAGE_MISSING` when machines cannot get its image, both in the cluster's words, and `ENGINE_DOWN` when nothing happens for ten minutes.
 */
export async function untilPlaced(cluster: Cluster, placing: Placing, signal: AbortSignal): Promise<void> {
  const { clock } = cluster
  const until = clock.now() + longestMs
  let homelessSince: number | undefined
  for (;;) {
    const tasks = (await tasksOf(cluster, [placing.service], signal)).filter(({ image }) => image === placing.image)
    if (placedSlots(tasks) >= placing.count || (placing.isOnce === true && tasks.some(isGivenUp))) return
    const homeless = tasks.find(({ state, says }) => state === 'pending' && says !== '')
    homelessSince = homeless === undefined ? undefined : (homelessSince ?? clock.now())
    if (homeless !== undefined && clock.now() - (homelessSince ?? 0) >= homelessMs) throw (await placing.whyHomeless?.(signal)) ?? noMachine(placing, homeless)
    const refused = tasks.filter(({ state }) => state === 'rejected')
    if (refused.length >= mostRefusals) throw notTaken(placing, refused.at(-1))
    if (clock.now() >= until) throw tooLong(placing, tasks)
    await clock.sleep(pollMs, signal)
  }
}

/** Where its machine was lost before it had a container, for all that is known. */
function isGivenUp({ wanted, state }: Task): boolean {
  return wanted === 'shutdown' && state !== 'rejected'
}

function placedSlots(tasks: readonly Task[]): number {
  return new Set(tasks.filter((task) => isPlaced(task) && task.state !== 'rejected').map(({ slot }) => slot)).size
}

function noMachine({ of }: Placing, { says }: Task): PlimsollError {
  return new PlimsollError('PLACE_CANNOT', `The cluster has no machine for ${of}: ${says}`, {
    hint: 'See what its machines have: docker node ls. A smaller plan in the Blueprint, or another machine, helps.', details: { service: of },
  })
}

function notTaken({ of }: Placing, task: Task | undefined): PlimsollError {
  return new PlimsollError('IMAGE_MISSING', `Machines of the cluster could not make a container of ${of}: ${task?.says ?? ''}`, {
    hint: `Whether a machine gets it, tried on one: docker pull ${task?.image ?? ''}`, details: { service: of },
  })
}

function tooLong({ of }: Placing, tasks: readonly Task[]): PlimsollError {
  const states = tasks.map(({ state, says }) => (says === '' ? state : `${state} (${says})`)).join(', ')
  return new PlimsollError('ENGINE_DOWN', `The cluster did not start ${of} within ${longestMs / 60_000} min: ${states === '' ? 'it made no task' : states}`, {
    hint: 'Whether its machines are well: docker node ls', details: { service: of },
  })
}
