import type { Bar } from '../bar.ts'
import { kill, lostBeyond, type EdgeLifeScene } from './edge-life-scene.ts'

const kills = 5

export const killedHeir: Bar<EdgeLifeScene> = {
  what: `${kills} kills of the heir under the same load`,
  bar: '0 lost',
  async measure(scene) {
    const { records } = await scene.underLoad(async () => {
      for (let done = 0, last = 0; done < kills; done += 1) {
        last = (await scene.whole(({ heir }) => heir !== last)).heir ?? 0
        await kill(last)
      }
      await scene.whole()
    })
    const lost = lostBeyond([], records)
    return { measured: `${lost} lost of ${records.length} arrivals`, held: lost === 0 }
  },
}
