import type { Bar } from '../bar.ts'
import type { ReleaseScene } from './release-scene.ts'

const release = (scene: ReleaseScene): ReturnType<ReleaseScene['plimsoll']> => scene.plimsoll('release', scene.storefront)

export const oneLineChanges: Bar<ReleaseScene> = {
  what: 'release of a one-line change in the API / in the web app',
  bar: '≤ 15 s / ≤ 45 s',
  async measure(scene) {
    await scene.change('apps/web/src/app/about/page.tsx', 'A shop at the end of the quay.', 'A shop at the very end of the quay.')
    const web = await release(scene)
    // Last, because it starts the web app anew too: going back and forth then moves both.
    await scene.change('apps/api/src/resources/health.ts', 'The database does not answer', 'The database gives no answer')
    const api = await release(scene)
    return { measured: `${api.seconds.toFixed(1)} s / ${web.seconds.toFixed(1)} s`, held: api.seconds <= 15 && web.seconds <= 45 }
  },
}

export const nothingNew: Bar<ReleaseScene> = {
  what: 'release of nothing new',
  bar: '≤ 3 s, says so',
  async measure(scene) {
    const { seconds, out } = await release(scene)
    const says = /nothing is new/i.test(out)
    return { measured: `${seconds.toFixed(1)} s, ${says ? 'says so' : 'does not say so'}`, held: says && seconds <= 3 }
  },
}
