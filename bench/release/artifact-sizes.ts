import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifact } from '../../packages/model/src/model.ts'
import type { Bar } from '../bar.ts'
import { liveDetail } from './ask-plimsoll.ts'
import type { ReleaseScene } from './release-scene.ts'

const megabyte = 1_000_000

export const artifactSizes: Bar<ReleaseScene> = {
  what: 'artifact of the API / the web app, without Node',
  bar: '≤ 12 MB / ≤ 45 MB, no devDependency',
  async measure(scene) {
    const { artifacts } = await liveDetail(scene)
    const of = (service: string): Artifact => {
      const found = artifacts.find((each) => each.service === service)
      if (found === undefined) throw new Error(`there is no artifact of ${service}`)
      return found
    }
    const [api, web] = [of('api'), of('web')]
    const found = [...(await devDependenciesIn(scene, api, 'apps/api')), ...(await devDependenciesIn(scene, web, 'apps/web'))]
    const sizes = `${(api.sizeBytes / megabyte).toFixed(1)} MB / ${(web.sizeBytes / megabyte).toFixed(1)} MB`
    return {
      measured: `${sizes}, ${found.length === 0 ? 'no devDependency' : `devDependencies: ${found.join(', ')}`}`,
      held: api.sizeBytes <= 12 * megabyte && web.sizeBytes <= 45 * megabyte && found.length === 0,
    }
  },
}

/** Names of packages below any node_modules of the artifact that the service asks for as devDependency and not as dependency. */
async function devDependenciesIn(scene: ReleaseScene, artifact: Artifact, workspace: string): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(scene.storefront, workspace, 'package.json'), 'utf8')) as { dependencies?: object; devDependencies?: object }
  const dependencies = Object.keys(manifest.dependencies ?? {})
  const unwanted = Object.keys(manifest.devDependencies ?? {}).filter((name) => !dependencies.includes(name))
  const paths = await readdir(artifact.files, { recursive: true })
  return unwanted.filter((name) => paths.some((path) => path.endsWith(`node_modules/${name}`)))
}
