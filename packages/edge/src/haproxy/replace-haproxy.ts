import { setTimeout as delay } from 'node:timers/promises'
import { HaproxyLanes } from './haproxy-lanes.ts'
import { findHaproxy, type FoundHaproxy, haproxiesOf, pidOf, removeLeavings, signalTo } from './haproxy-processes.ts'
import { type BoundPorts, type Haproxy, type HaproxyOptions, startHaproxy } from './start-haproxy.ts'

export interface Serving {
  readonly haproxy: Haproxy
  readonly lanes: HaproxyLanes
}

/** How long the answers of one HAProxy are waited for before another takes its place; those that are left are still given. */
const handOverMs = 2_000
const pollMs = 10

/**
 * Has a new HAProxy accept on `ports` and every other one of this directory leave, whoever started it; with no port there is none
 * afterwards. `busy` is the process that still has answers to give. `own` is the one that this process has told. When the new one does not
 * start this throws, and changes nothing.
 */
export async function replaceHaproxy(options: HaproxyOptions, ports: BoundPorts, own: Serving | undefined): Promise<{ readonly next: Serving | undefined; readonly busy: number | undefined }> {
  const { directory } = options
  // First of all: where one has died, connections wait for it.
  const haproxy = ports.size === 0 ? undefined : await startHaproxy(options, ports)
  const before = await findHaproxy(directory, haproxy?.pid)
  // What it does not learn any more does not matter when it asks the edge about everything.
  const isQuiet = before === undefined || (await (own?.haproxy.pid === before.pid ? own.lanes : new HaproxyLanes(before, directory)).silence(handOverMs))
  for (const { pid } of haproxiesOf(directory)) if (pid !== haproxy?.pid) signalTo(pid, 'SIGUSR1')
  if (before !== undefined) await acceptsNoMore(before)
  await removeLeavings(directory)
  return {
    next: haproxy === undefined ? undefined : { haproxy, lanes: new HaproxyLanes(haproxy, directory) },
    busy: before === undefined || isQuiet ? undefined : before.pid,
  }
}

/** From when it does not answer on its runtime socket, it has let go of the others too. */
async function acceptsNoMore({ control, pid }: FoundHaproxy): Promise<void> {
  const over = AbortSignal.timeout(handOverMs)
  while ((await pidOf(control)) === pid) {
    if (over.aborted) return signalTo(pid, 'SIGKILL')
    await delay(pollMs)
  }
}
