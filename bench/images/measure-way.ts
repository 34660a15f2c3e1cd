import type { Service } from '../peers/storefront-at.ts'
import type { BuiltImage, ImageScene } from './image-scene.ts'
import type { Way } from './ways.ts'

export interface WayMeasured {
  readonly way: Way
  readonly service: Service
  /** Nothing was built or downloaded before. Of this and of the next, the faster of two: other work on the machine, and a name server that keeps one waiting, only ever slow one down. */
  readonly cold: BuiltImage
  /** After one line has changed. */
  readonly warm: BuiltImage
  /** The same again. */
  readonly again: BuiltImage
  /** Of the web app; the API needs a database to answer. */
  readonly bootMs: number | undefined
  readonly packages: number
}

/** Builds one service one way: from nothing, after a change of one line, and once more. */
export async function measureWay(scene: ImageScene, way: Way, service: Service): Promise<WayMeasured> {
  const cold = await fasterOf(() => scene.build(way, service, { cold: true }))
  const warm = await fasterOf(async () => {
    await scene.change(service)
    return scene.build(way, service)
  })
  const again = await scene.build(way, service)
  return { way, service, cold, warm, again, bootMs: service === 'web' ? await scene.bootMs(again.id) : undefined, packages: await scene.packagesIn(again.id) }
}

/** The second one's image, which is the one that is there. */
async function fasterOf(build: () => Promise<BuiltImage>): Promise<BuiltImage> {
  const first = await build()
  const second = await build()
  return { ...second, tookMs: Math.min(first.tookMs, second.tookMs) }
}
