import type { Service } from '../peers/storefront-at.ts'
import type { BuiltImage, ImageScene } from './image-scene.ts'
import type { Way } from './ways.ts'

export interface WayMeasured {
  readonly way: Way
  readonly service: Service
  /** Nothing was built or downloaded before. */
  readonly cold: BuiltImage
  /** After one line has changed; the faster of two, as other work on the machine only ever slows one down. */
  readonly warm: BuiltImage
  /** The same again. */
  readonly again: BuiltImage
  /** Of the web app; the API needs a database to answer. */
  readonly bootMs: number | undefined
  readonly packages: number
}

/** Builds one service one way: from nothing, after a change of one line, and once more. */
export async function measureWay(scene: ImageScene, way: Way, service: Service): Promise<WayMeasured> {
  const cold = await scene.build(way, service, { cold: true })
  await scene.change(service)
  const first = await scene.build(way, service)
  await scene.change(service)
  const second = await scene.build(way, service)
  const again = await scene.build(way, service)
  const warm = second.tookMs < first.tookMs ? second : { ...second, tookMs: first.tookMs }
  return { way, service, cold, warm, again, bootMs: service === 'web' ? await scene.bootMs(again.id) : undefined, packages: await scene.packagesIn(again.id) }
}
