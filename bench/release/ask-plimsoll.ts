import { createClient, readEndpoint, type Client } from '../../packages/client/src/client.ts'
import { contract, type AppView, type ReleaseDetail } from '../../packages/model/src/model.ts'
import type { ReleaseScene } from './release-scene.ts'

/** The scene's API. */
export async function clientOf({ home }: ReleaseScene): Promise<Client> {
  const { url, token } = await readEndpoint(home)
  return createClient({ baseUrl: url, token })
}

export async function appOf(scene: ReleaseScene, app = 'storefront'): Promise<AppView> {
  return (await clientOf(scene)).call(contract.showApp, { params: { app } })
}

export async function liveDetail(scene: ReleaseScene, app = 'storefront'): Promise<ReleaseDetail> {
  const { live } = await appOf(scene, app)
  if (live === null) throw new Error(`nothing of ${app} is live`)
  return releaseDetail(scene, live.number, app)
}

export async function releaseDetail(scene: ReleaseScene, release: number, app = 'storefront'): Promise<ReleaseDetail> {
  return (await clientOf(scene)).call(contract.showRelease, { params: { app, release } })
}

/** Public address of a service. */
export async function urlOf(scene: ReleaseScene, service: string): Promise<string> {
  const url = (await appOf(scene)).services.find((each) => each.service === service)?.url
  if (url === undefined) throw new Error(`${service} has no address`)
  return url
}
