import { allSettled } from '@plimsoll/engine'
import type { AppName } from '@plimsoll/model'
import { copyNames } from '@plimsoll/verify'
import type { Place, Services } from '../services.ts'
import { removeRehearsalEdge } from './rehearsal-edge.ts'
import { suitesOf } from './suite-worlds.ts'

/** Takes down what verifications have left that Plimsoll did not outlive. Before another one begins; twice is once. */
export async function sweepVerifications({ store, places, clock, suites }: Pick<Services, 'store' | 'places' | 'clock' | 'suites'>, signal: AbortSignal): Promise<void> {
  for (const { id, place, copies } of await store.verifications.open()) {
    const opened = await places.open(place)
    await allSettled(copyNames(id, copies).map(async (copy) => removeCopy(opened, copy, signal)))
    // After the copies, whose services write down what they ran when they end.
    await suites.remove(suitesOf(id), signal)
    await opened.copies?.dropAll(id, signal)
    await removeRehearsalEdge(id)
    await Promise.all(copyNames(id, copies).map(async (copy) => store.ports.forget(copy)))
    const record = await store.verifications.find(id)
    if (record !== undefined) await store.verifications.settle({ ...record, state: 'interrupted', endedAt: new Date(clock.now()).toISOString() })
  }
}

async function removeCopy({ driver, resources, forget }: Place, copy: AppName, signal: AbortSignal): Promise<void> {
  await allSettled((await driver.units(copy, signal)).map(async (unit) => driver.stop(copy, unit, 0, signal)))
  await resources.destroy(copy, signal)
  await forget(copy)
}
