import type { Bar } from '../bar.ts'
import { urlOf } from './ask-plimsoll.ts'
import type { ReleaseScene } from './release-scene.ts'

export const coldStart: Bar<ReleaseScene> = {
  what: '`npm start` in a fresh clone, empty caches, to a storefront that answers',
  bar: '≤ 4 min',
  measure: (scene) => start(scene, 240),
}

export const warmStart: Bar<ReleaseScene> = {
  what: '`npm start` again',
  bar: '≤ 15 s',
  measure: (scene) => start(scene, 15),
}

async function start(scene: ReleaseScene, mostSeconds: number): Promise<{ measured: string; held: boolean }> {
  const { seconds } = await scene.time('npm', 'start')
  const answer = await fetch(await urlOf(scene, 'web'))
  const page = await answer.text()
  if (answer.status !== 200 || !page.includes('</html>')) throw new Error(`the storefront answers ${answer.status}`)
  return { measured: `${seconds.toFixed(1)} s`, held: seconds <= mostSeconds }
}
