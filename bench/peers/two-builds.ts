import type { Artifact } from '../../packages/model/src/model.ts'
import { liveDetail } from '../release/ask-plimsoll.ts'
import { type ReleaseScene } from '../release/release-scene.ts'
import { services, type Service } from './storefront-at.ts'

export type Build = Readonly<Record<Service, Artifact>>

/** The storefront as Plimsoll builds it, twice: the two builds of each service differ in one line of its source. */
export interface TwoBuilds {
  /** Where they were built; the second is live there until the scene's Plimsoll is put down. */
  readonly scene: ReleaseScene
  /** The build that a release is made of: the first for odd numbers, the second for even ones. */
  of(release: number): Build
  /** Writes and commits the source of a release's build. Throws when it is there already. */
  writeSource(release: number): Promise<void>
  /** Ends all that runs in the scene; what was built stays. Twice is once. */
  putDown(): Promise<unknown>
}

/** The one line of each service, before and after. That of the web service ends up in a chunk that browsers load. */
const lines = [
  { path: 'apps/web/src/shop/stock-words.ts', texts: ['in stock', 'in store'] },
  { path: 'apps/api/src/resources/health.ts', texts: ['The database does not answer', 'The database gives no answer'] },
] as const

/** Takes minutes: a fresh clone is installed and built. The scene is the caller's to leave. */
export async function buildTwice(scene: ReleaseScene): Promise<TwoBuilds> {
  await scene.plimsoll('up', scene.storefront)
  const first = await liveBuild(scene)
  await writeSource(scene, 2)
  await scene.plimsoll('release', scene.storefront)
  const second = await liveBuild(scene)
  for (const service of services) if (first[service].digest === second[service].digest) throw new Error(`the two builds of ${service} are the same`)
  let down: Promise<unknown> | undefined
  return {
    scene,
    putDown: () => (down ??= scene.plimsoll('down', '--all')),
    of: (release) => (release % 2 === 1 ? first : second),
    writeSource: (release) => writeSource(scene, release),
  }
}

async function writeSource(scene: ReleaseScene, release: number): Promise<void> {
  for (const { path, texts: [odd, even] } of lines) await (release % 2 === 1 ? scene.change(path, even, odd) : scene.change(path, odd, even))
}

async function liveBuild(scene: ReleaseScene): Promise<Build> {
  const { artifacts } = await liveDetail(scene)
  const of = (service: Service): Artifact => {
    const found = artifacts.find((artifact) => artifact.service === service)
    if (found === undefined) throw new Error(`the live release has no artifact of ${service}`)
    return found
  }
  return { api: of('api'), web: of('web') }
}
