import { plannedIn } from '@plimsoll/engine'
import type { Blueprint } from '@plimsoll/model'
import type { AppRecord } from '@plimsoll/store'
import type { Services } from '../services.ts'
import { readBlueprint } from '../wiring.ts'

/**
 * The Blueprint of what is live of an app, or was last: what it says about previews is what its own people have released, and no pull request changes it. Undefined for one that was
 * never understood.
 */
export async function previewedBlueprint({ store }: Pick<Services, 'store'>, { name, blueprint }: AppRecord): Promise<Blueprint | undefined> {
  const { releases } = await store.releases.list(name, { limit: 30 })
  const newestFirst = [...releases.filter(({ state }) => state === 'live'), ...releases.filter(({ state }) => state !== 'live')]
  for (const { number } of newestFirst) {
    const planned = plannedIn(await store.journalOf(name, number, 0).read())
    if (planned !== undefined) return readBlueprint(planned.blueprint, blueprint)
  }
  return undefined
}
