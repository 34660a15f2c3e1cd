import { randomBytes } from 'node:crypto'
import { generateValue, resolveEnvironments, valuesToGenerate } from '@plimsoll/blueprint'
import { readRemote } from '@plimsoll/drivers'
import { chooseOwner, createRenderApi, createRenderPlatform, type NotedRequest, type RenderApi } from '@plimsoll/drivers/render'
import type { Clock, Driver, Platform } from '@plimsoll/engine'
import { PlimsollError, type AppName, type Blueprint, type ServiceName, type UnitSpec } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'
import type { Config } from '../config.ts'
import type { SecretBook } from '../secret-book.ts'
import { systemClock } from '../system-clock.ts'
import { readBlueprint } from '../wiring.ts'
import { recent } from './recent.ts'
import type { RunningPlace } from './running-place.ts'

export interface RenderPlaceParts {
  readonly config: Pick<Config, 'render'>
  readonly store: Pick<Store, 'keptValues'>
  readonly secrets: Pick<SecretBook, 'learn'>
  /** The machine's own unless given. */
  readonly clock?: Clock
}

/** A workspace of Render. It builds and moves traffic itself; no unit is ever started here for an app that lives there. */
export function renderPlace(parts: RenderPlaceParts): RunningPlace {
  const { config: { render }, secrets, clock = systemClock } = parts
  if (render.apiKey !== undefined) secrets.learn([render.apiKey])
  // One client, or its calls would know nothing of each other's pace.
  const api = apiOf(parts)
  const platform = platformOf(parts, api)
  return {
    place: {
      driver: driverOf(api, parts),
      platform, glance: glanceAt(platform, clock),
      notingPlatform: (note) => platformOf(parts, apiOf(parts, note)),
      resources: { ensure: async () => ({ databases: {}, keyValues: {} }), destroy: async () => { throw notThere('destroys no data') } },
      listening: async () => [], reach: async () => undefined, copies: undefined, sharesLoopback: false,
      assertRunnable: assertRenderRuns, pinImages: async (_app, specs) => specs,
      forget: async () => undefined, pruneBuilds: async () => [],
    },
    supervise: async () => undefined, stopResources: async () => undefined, close: async () => undefined,
  }
}

function apiOf({ config: { render }, clock = systemClock }: RenderPlaceParts, note?: (request: NotedRequest) => void): RenderApi {
  const { apiKey, base } = render
  const keyed: typeof fetch = (...asked) => {
    if (apiKey === undefined) throw new PlimsollError('PLACE_CANNOT', 'This Plimsoll was started without a key for Render', { hint: 'Make one in the dashboard under Account Settings → API Keys, and start Plimsoll with RENDER_API_KEY set' })
    return fetch(...asked)
  }
  return createRenderApi({ base, key: apiKey ?? '', fetch: keyed, clock, random: Math.random, ...(note !== undefined && { note }) })
}

function platformOf({ config, store, secrets, clock = systemClock }: RenderPlaceParts, api: RenderApi): Platform {
  return createRenderPlatform({
    api, clock, workspace: config.render.workspace,
    understand: (text, source) => readBlueprint(text, source.blueprint),
    resolve(blueprint, surroundings) {
      const resolved = resolveEnvironments(blueprint, surroundings, { phase: 'run' })
      secrets.learn(Object.values(resolved.environments).flatMap((each) => Object.values(each)).filter(({ secret }) => secret).map(({ value }) => value))
      return resolved
    },
    keptFor: (app, blueprint) => keptFor(store, app, blueprint),
    repoOf: (source) => readRemote(source.root),
  })
}

/** A value that is to be generated is made here, once, and not by Render: others may refer to it, and a second try must not make another. */
async function keptFor({ keptValues }: RenderPlaceParts['store'], app: AppName, blueprint: Blueprint): Promise<Readonly<Record<string, string>>> {
  const kept: Record<string, string> = { ...(await keptValues.values(app)) }
  for (const key of valuesToGenerate(blueprint)) kept[key] ??= await keptValues.settle(app, key, () => generateValue(randomBytes))
  return kept
}

/** Render runs every kind and runtime of a Blueprint, but what its API does not make. */
function assertRenderRuns(specs: readonly UnitSpec[]): void {
  const hooked = specs.filter(({ initialDeployHook }) => initialDeployHook !== undefined)
  if (hooked.length === 0) return
  throw new PlimsollError('PLACE_CANNOT', `Render’s API takes no initialDeployHook, which ${hooked.map(({ service }) => service).join(', ')} has`, { hint: 'Run it once by hand, and take it out of the Blueprint.' })
}

/** What asks for units finds none, and what would start one is refused: see `Place.platform`. */
function driverOf(api: RenderApi, { config: { render: { workspace } }, clock = systemClock }: RenderPlaceParts): Driver {
  const answers = recent({ clock, forMs: glanceMs }, async (_: string, signal) => (await chooseOwner(api, workspace, signal)).id)
  const refuse = (what: string) => async (): Promise<never> => { throw notThere(what) }
  return {
    name: 'render', can: { startBeside: false, exec: false, scale: false, measure: false },
    // Whether it answers, and to this key, is said before anything is begun.
    observe: async (_app, signal) => (await answers('workspace', signal), []),
    units: refuse('stops nothing'),
    build: refuse('builds no artifact'), exec: refuse('runs no command'), start: refuse('starts no unit'), stop: async () => ({ instances: 0, killed: 0 }),
    addresses: async () => [], inner: async () => undefined, measure: async () => [],
    async *logs() { yield* [] },
  }
}

/** Render allows 400 questions a minute: whoever has the console open is not to slow a release down. */
const glanceMs = 15_000

function glanceAt(platform: Platform, clock: Clock): Pick<Platform, 'stands' | 'deploysAfter'> {
  const pace = { clock, forMs: glanceMs }
  const stands = recent(pace, ({ app, services }: { readonly app: AppName; readonly services: readonly ServiceName[] }, signal) => platform.stands(app, services, signal))
  return { stands: (app, services, signal) => stands({ app, services }, signal), deploysAfter: recent(pace, platform.deploysAfter) }
}

function notThere(what: string): PlimsollError {
  return new PlimsollError('PLACE_CANNOT', `Plimsoll ${what} on Render: what serves there is Render’s`, { hint: 'Suspend or delete it in the dashboard.' })
}
