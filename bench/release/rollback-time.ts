import type { Bar } from '../bar.ts'
import { appOf } from './ask-plimsoll.ts'
import type { ReleaseScene } from './release-scene.ts'

export const rollbackTime: Bar<ReleaseScene> = {
  what: 'rollback to the previous release while it is warm',
  bar: '≤ 1 s',
  async measure(scene) {
    const before = await appOf(scene)
    if (before.previous.length === 0) throw new Error('no release is warm')
    const { seconds } = await scene.plimsoll('rollback', scene.storefront)
    const after = await appOf(scene)
    if (after.live?.number === before.live?.number) throw new Error('the rollback changed nothing')
    return { measured: `${seconds.toFixed(2)} s`, held: seconds <= 1 }
  },
}
