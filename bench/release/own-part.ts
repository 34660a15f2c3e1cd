import { join } from 'node:path'
import { createFixtureRepo, shopBlueprint } from '../../e2e/src/plimsoll/fixture-repo.ts'
import { startShop } from '../../e2e/src/shop/start-shop.ts'
import type { Bar } from '../bar.ts'
import { liveDetail } from './ask-plimsoll.ts'
import type { ReleaseScene } from './release-scene.ts'

const rounds = 3

/**
 * A service whose build does nothing and whose boot is measured by itself, so that what is left of the
 * command's time is Plimsoll's: its own start, the comparison, the health gate, the checks, the switch.
 */
export const ownPart: Bar<ReleaseScene> = {
  what: "Plimsoll's own part of a warm release (everything but the user's build and boot)",
  bar: '≤ 2 s',
  async measure(scene) {
    const repo = await createFixtureRepo({ directory: join(scene.ground, 'repos/shop'), blueprint: shopBlueprint({ build: 'true' }) })
    await scene.plimsoll('up', repo.directory)
    const parts: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      await repo.change(`round ${round}`)
      const { seconds } = await scene.plimsoll('release', repo.directory)
      const { artifacts } = await liveDetail(scene, 'shop')
      const built = Math.max(0, ...artifacts.filter(({ fresh }) => fresh).map(({ buildMs }) => buildMs)) / 1000
      parts.push(seconds - Math.min(built, seconds) - (await bootSeconds(scene)))
    }
    await scene.plimsoll('down', repo.directory)
    const median = parts.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? Number.NaN
    return { measured: `${median.toFixed(1)} s`, held: median <= 2 }
  },
}

async function bootSeconds(scene: ReleaseScene): Promise<number> {
  const began = performance.now()
  const shop = startShop({ unit: 'boot-web-r1', home: scene.ground })
  await shop.listening
  const seconds = (performance.now() - began) / 1000
  await shop.end('SIGKILL')
  return seconds
}
