import { createClient, readEndpoint, type Client } from '../../packages/client/src/client.ts'
import { switchOf } from '../../e2e/src/plimsoll/switch-of.ts'
import type { SwitchRecord } from '../../e2e/src/e2e.ts'
import { contract, type AppView, type ReleaseDetail, type ReleaseEvent } from '../../packages/model/src/model.ts'
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

/** Waits for the end of a release or rollback, and gives the switch that it made, on the load's clock. Throws when it made none. */
export async function madeSwitch(client: Client, release: number, before: number): Promise<SwitchRecord> {
  const events: ReleaseEvent[] = []
  for await (const event of client.stream(contract.watchRelease, { params: { app: 'storefront', release } })) events.push(event)
  const last = events.at(-1)
  const made = switchOf({ events, release: last?.event === 'end' ? last.data : undefined }, before)
  if (made === undefined) throw new Error(`release ${release} made no switch`)
  return made
}
