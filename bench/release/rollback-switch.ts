import { contract } from '../../packages/model/src/model.ts'
import type { Bar } from '../bar.ts'
import { clientOf, releaseDetail } from './ask-plimsoll.ts'
import type { ReleaseScene } from './release-scene.ts'

const times = 5
const barMs = 200

export const rollbackSwitch: Bar<ReleaseScene> = {
  what: 'rollback while warm, from the decision to all requests on the release before',
  bar: `≤ ${barMs} ms`,
  async measure(scene) {
    const took: number[] = []
    for (let n = 0; n < times; n += 1) took.push(await oneRollback(scene))
    const worst = Math.max(...took)
    return { measured: `${took.join(', ')} ms`, held: worst <= barMs }
  },
}

/** From the moment at which the rollback has its number to the moment at which the edge sends no request anywhere else. */
async function oneRollback(scene: ReleaseScene): Promise<number> {
  const client = await clientOf(scene)
  const params = { app: 'storefront' }
  const { number, startedAt } = await client.call(contract.rollBack, { params, body: {} })
  for await (const event of client.stream(contract.watchRelease, { params: { ...params, release: number } })) if (event.event === 'end') break
  const { journal } = await releaseDetail(scene, number)
  const moved = journal.find(({ step, is }) => step === 'shift-back' && is === 'done')
  if (moved === undefined) throw new Error('the rollback moved nothing')
  return Date.parse(moved.at) - Date.parse(startedAt)
}
