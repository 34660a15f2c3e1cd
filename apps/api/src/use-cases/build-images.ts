import { PassThrough } from 'node:stream'
import { unitSpecs } from '@plimsoll/blueprint'
import { givenTo, inParallel } from '@plimsoll/engine'
import { PlimsollError, slugOf, type AppName, type Artifact, type ImageEvent, type UnitSpec } from '@plimsoll/model'
import { readToTheEnd } from '../read-to-the-end.ts'
import { blueprintText } from '../blueprint-text.ts'
import { placed, type Services } from '../services.ts'
import { createWiring, readBlueprint } from '../wiring.ts'

export interface WantedImages {
  readonly app: AppName
  readonly root: string
  readonly blueprint: string
  /** All that the Blueprint has when empty. */
  readonly services: readonly string[]
  /** `ghcr.io/acme/shop`: each is pushed to a name below. Nowhere unless given. */
  readonly push: string | undefined
}

/**
 * Builds images of what `root` holds now, with the values that the app has where it lives, and releases nothing. Throws before the first
 * event what a wrong question deserves (`NOT_FOUND`, `NO_BLUEPRINT`, `BLUEPRINT_INVALID`, `VALUE_MISSING`), and later what the first build that
 * fails does. When `signal` fires the builds are given up.
 */
export async function buildImages(services: Services, wanted: WantedImages, signal: AbortSignal): Promise<AsyncIterable<ImageEvent>> {
  const { app, root, blueprint: file } = wanted
  const source = await services.readSource(root, file)
  const blueprint = await blueprintText(source)
  const specs = wantedSpecs(unitSpecs(readBlueprint(blueprint, file)), wanted)
  const environments = await createWiring(await placed(services, app), app, source).environments({ phase: 'build', blueprint, addresses: {} }, signal)
  const events = new PassThrough({ objectMode: true })
  const tell = (event: ImageEvent) => void events.write(event)
  tell({ event: 'source', data: source })
  const built = inParallel({ signal }, specs, async (spec, { signal: until }) => {
    const output = (line: Extract<ImageEvent, { event: 'line' }>['data']) => tell({ event: 'line', data: { ...line, text: services.secrets.redact(line.text) } })
    const artifact = await services.images.build({ app, spec, source, ...givenTo(environments[spec.service]), output }, until)
    if (wanted.push !== undefined) output({ at: new Date(services.clock.now()).toISOString(), service: spec.service, stream: 'plimsoll', text: `is pushed to ${wanted.push}` })
    tell({ event: 'image', data: await pushed(services, { artifact, to: wanted.push }, until) })
  })
  return readToTheEnd(events, built.finally(() => events.end()))
}

/** The artifact as others can have it. */
async function pushed({ images }: Services, { artifact, to }: { readonly artifact: Artifact; readonly to: string | undefined }, signal: AbortSignal): Promise<Artifact> {
  const { service, digest } = artifact
  return to === undefined ? artifact : { ...artifact, image: await images.push({ id: digest, service, name: `${to}/${slugOf(service)}` }, signal) }
}

function wantedSpecs(specs: readonly UnitSpec[], { services, blueprint }: WantedImages): readonly UnitSpec[] {
  const unknown = services.filter((name) => !specs.some(({ service }) => service === name))
  if (unknown.length > 0) throw new PlimsollError('NOT_FOUND', `${blueprint} has no service ${unknown.join(', ')} that is built`, { hint: `It has: ${specs.map(({ service }) => service).join(', ')}` })
  // An image that the Blueprint names is there already.
  return specs.filter(({ service, image }) => (services.length === 0 ? image === undefined : services.includes(service)))
}
