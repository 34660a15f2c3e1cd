import { changeText, deployOrder, deploySourceOf, runs, type InPlaceContext, type Platform } from '@plimsoll/engine'
import { PlimsollError, type AppName, type DriverName, type InPlacePreview, type PlatformRequest } from '@plimsoll/model'
import { blueprintText } from '../blueprint-text.ts'
import type { Services } from '../services.ts'
import { createWiring } from '../wiring.ts'

/**
 * What a release of what `root` holds would change and deploy where it lives, without any of it done, and no app or release made for it.
 * Throws `PLACE_CANNOT` for a place that moves no traffic by itself, and what reading the source and the place throws.
 */
export async function previewInPlace(services: Services, wanted: { readonly app: AppName; readonly root: string; readonly blueprint: string; readonly on: DriverName | undefined }, signal: AbortSignal): Promise<InPlacePreview> {
  const { app, root, blueprint: file } = wanted
  const name = wanted.on ?? (await services.store.apps.find(app))?.place ?? 'process'
  const place = await services.places.open(name)
  const requests: PlatformRequest[] = []
  const platform = place.notingPlatform?.((request) => void requests.push(request))
  if (platform === undefined) throw new PlimsollError('PLACE_CANNOT', `What a release would send is told only of a place that moves traffic by itself, and ${name} does not`, { hint: 'Without --dry-run a release is verified in a throw-away copy: plimsoll verify' })
  const source = await services.readSource(root, file)
  await blueprintText(source)
  const { blueprint, specs } = await createWiring({ ...services, ...place }, app, source).understand(signal)
  const context = { app, platform, signal }
  const survey = await platform.survey({ app, source, blueprint, specs }, signal)
  for (const prepared of survey.changes) await platform.apply(prepared, signal)
  const touched = new Set(survey.changes.flatMap(({ change }) => change.services))
  await noteDeploys(context, deployOrder(specs).map((spec) => ({ service: spec.service, source: deploySourceOf(spec, source), isTouched: touched.has(spec.service) })))
  return services.secrets.redactAll({ cannot: [...platform.cannot], changes: survey.changes.map(({ change }) => changeText(change)), left: [...survey.left], requests })
}

type Wanted = Parameters<Platform['begin']>[0]['source']

/** A service that is not there yet is deployed too, which cannot be asked for before it has an id. */
async function noteDeploys({ app, platform, signal }: Pick<InPlaceContext, 'app' | 'platform' | 'signal'>, all: readonly { readonly service: Parameters<Platform['begin']>[0]['service']; readonly source: Wanted; readonly isTouched: boolean }[]): Promise<void> {
  const stands = await platform.stands(app, all.map(({ service }) => service), signal)
  for (const { service, source, isTouched } of all) {
    const stand = stands[service]
    if (stand !== undefined && (isTouched || !runs(stand, source))) await platform.begin({ app, service, source }, signal)
  }
}
