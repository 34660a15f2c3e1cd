import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { asPreview, generateValue, parseBlueprint, resolveEnvironments, unitSpecs, valuesToGenerate, wantedResources, type MissingValue } from '@plimsoll/blueprint'
import { plannedIn, type EnvironmentRequest, type ResourceAddresses, type Understood, type Wiring } from '@plimsoll/engine'
import { formatDiagnostic, isPublic, listens, PlimsollError, slugOf, type AppName, type Blueprint, type Entry, type Environment, type Source, type Surroundings, type UnitSpec } from '@plimsoll/model'
import { blueprintText } from './blueprint-text.ts'
import { setCommand } from './environment/set-command.ts'
import type { PlacedServices } from './services.ts'

/** Turns the Blueprint of one release into what its steps need, with the values that are kept for its app. */
export function createWiring(services: PlacedServices, app: AppName, source: Source): Wiring {
  const resources = settled(services, app, source)
  return {
    understand: async (signal) => understood({ services, app, source }, signal),
    provision: resources,
    entries: (specs) => entriesOf(services, app, specs),
    environments: (request, signal) => environmentsOf({ services, app, source, resources }, request, signal),
  }
}

/** Asks for the same resources once: they do not change while a release runs, and seven steps want to know where they are. */
function settled({ resources, clones }: PlacedServices, app: AppName, { preview }: Source): Wiring['provision'] {
  const known = new Map<string, ResourceAddresses>()
  return async (wanted, signal) => {
    const key = JSON.stringify(wanted)
    const found = known.get(key)
    if (found !== undefined) return found
    const addresses = await resources.ensure(app, wanted, signal)
    if (preview?.data === 'clone' && wanted.databases.length > 0) {
      if (clones === undefined) throw new PlimsollError('PLACE_CANNOT', `Databases of ${preview.of} cannot be cloned in its place`, { hint: `Let previews begin with an empty database: plimsoll preview settings --data empty --app ${preview.of}` })
      for (const { name } of wanted.databases) await clones.fill({ from: preview.of, to: app, name }, signal)
    }
    known.set(key, addresses)
    return addresses
  }
}

/** The Blueprint in `text`. Throws `BLUEPRINT_INVALID` with all its mistakes in `details.diagnostics`. */
export function readBlueprint(text: string, file: string): Blueprint {
  const { blueprint, diagnostics } = parseBlueprint(text, { file })
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const [first] = errors
  if (blueprint !== undefined && first === undefined) return blueprint
  const count = errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`
  throw new PlimsollError('BLUEPRINT_INVALID', `${file} has ${count}${first === undefined ? '' : `: ${formatDiagnostic(first)}`}`, {
    hint: 'See them all: plimsoll check', details: { diagnostics },
  })
}

/** The Blueprint in `text` as it holds for what is released from a source. Throws `BLUEPRINT_INVALID`. */
export function blueprintFor({ blueprint: file, preview }: Pick<Source, 'blueprint' | 'preview'>, text: string): Blueprint {
  const blueprint = readBlueprint(text, file)
  return preview === undefined ? blueprint : asPreview(blueprint)
}

async function understood({ services, app, source }: Omit<Scope, 'resources'>, signal: AbortSignal): Promise<Understood> {
  if (source.promotedFrom !== undefined) return understoodThere(services, { source, from: source.promotedFrom })
  const text = await blueprintText(source)
  const blueprint = blueprintFor(source, text)
  const specs = answeringTo(source, withImages(unitSpecs(blueprint), source.images ?? {}))
  services.assertRunnable(specs)
  return { blueprint: text, specs: await services.pinImages(app, specs, signal), wanted: wantedResources(blueprint) }
}

/** What runs there was settled there, down to what the tags of its images stood for: none of it is asked again. */
async function understoodThere(services: PlacedServices, { source, from: { app, release } }: { readonly source: Source; readonly from: NonNullable<Source['promotedFrom']> }): Promise<Understood> {
  const planned = plannedIn(await services.store.journalOf(app, release, 0).read())
  if (planned === undefined) throw new PlimsollError('NOT_PROMOTABLE', `What release ${release} of ${app} was made of is not kept any more`, { hint: `Release it there again: plimsoll release --app ${app}` })
  const pinned = new Map(planned.specs.map(({ service, image }) => [service, image]))
  const specs = unitSpecs(readBlueprint(planned.blueprint, source.blueprint)).map((spec) => {
    const image = pinned.get(spec.service)
    return image === undefined ? spec : { ...spec, image }
  })
  services.assertRunnable(specs)
  return { ...planned, specs: answeringTo(source, specs) }
}

/** Custom domains belong to one place of those that one edge serves. */
function answeringTo({ domains }: Source, specs: readonly UnitSpec[]): readonly UnitSpec[] {
  return domains === false ? specs.map((spec) => ({ ...spec, domains: [] })) : specs
}

/** Services that were given an image run that; the Blueprint still says how, and what may be shown to its registry. */
function withImages(specs: readonly UnitSpec[], images: Readonly<Record<string, string>>): readonly UnitSpec[] {
  return specs.map((spec) => {
    const reference = images[spec.service]
    return reference === undefined ? spec : { ...spec, image: { ...spec.image, reference } }
  })
}

/** Every service that listens gets a stable port, also private ones: it is their address while something is built. */
async function entriesOf(services: PlacedServices, app: AppName, specs: readonly UnitSpec[]): Promise<Record<string, Entry>> {
  const entries: Record<string, Entry> = {}
  for (const { service, kind, domains = [] } of specs) {
    if (!listens(kind) && !isPublic(kind)) continue
    entries[service] = { port: await services.entryPort(app, service), hosts: [`${slugOf(service)}.${app}.localhost`, ...domains] }
  }
  return entries
}

interface Scope {
  readonly services: PlacedServices
  readonly app: AppName
  readonly source: Source
  readonly resources: Wiring['provision']
}

async function environmentsOf(scope: Scope, request: EnvironmentRequest, signal: AbortSignal): Promise<Readonly<Record<string, Environment>>> {
  const blueprint = blueprintFor(scope.source, request.blueprint)
  const specs = unitSpecs(blueprint)
  const kept = await keptValues(scope, blueprint)
  const resources = await scope.resources(wantedResources(blueprint), signal)
  const surroundings = await surroundingsOf(scope, { specs, kept, resources, addresses: request.addresses })
  const { environments, missing } = resolveEnvironments(blueprint, surroundings, { phase: request.phase })
  // In a preview, as on Render, a value that only a person has is not there unless somebody has set it for the preview.
  const wrong = scope.source.preview === undefined ? missing : missing.filter(({ why }) => why !== 'kept')
  if (wrong.length > 0) throw valuesMissing(wrong, scope)
  const whole = withServerActionsKey(environments, specs, kept)
  scope.services.secrets.learn(Object.values(whole).flatMap((each) => Object.values(each)).filter(({ secret }) => secret).map(({ value }) => value))
  return whole
}

/** Under which an app's own secret is kept; no service can have this name in a Blueprint's reference. */
export const serverActionsKey = 'plimsoll/NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'

/** What is kept for the app, after making what is generated and has no value yet. */
async function keptValues({ services, app }: Scope, blueprint: Blueprint): Promise<Record<string, string>> {
  const kept = { ...(await services.store.keptValues.values(app)) }
  for (const key of [...valuesToGenerate(blueprint), serverActionsKey]) {
    kept[key] ??= await services.store.keptValues.settle(app, key, () => generateValue(randomBytes))
  }
  return kept
}

interface Known {
  readonly specs: readonly UnitSpec[]
  readonly kept: Readonly<Record<string, string>>
  readonly resources: ResourceAddresses
  readonly addresses: EnvironmentRequest['addresses']
}

async function surroundingsOf({ services, app, source }: Scope, known: Known): Promise<Surroundings> {
  const entries = await entriesOf(services, app, known.specs)
  const stable = Object.entries(entries).map(([service, { port }]) => [service, { host: '127.0.0.1', port }] as const)
  const publicUrls = known.specs.filter(({ kind }) => isPublic(kind)).map(({ service }) => [service, `http://localhost:${entries[service]?.port}`] as const)
  return {
    services: { ...Object.fromEntries(stable), ...known.resources.keyValues, ...known.addresses },
    publicUrls: Object.fromEntries(publicUrls),
    databases: known.resources.databases,
    keyValuePasswords: Object.fromEntries(Object.entries(known.resources.keyValues).flatMap(([name, { password }]) => (password === undefined ? [] : [[name, password]]))),
    kept: known.kept,
    git: { commit: source.commit, branch: source.branch, slug: basename(source.root) },
  }
}

/** One key for all builds of an app, or a Server Action of a page that is already open would fail after the next release. */
export function withServerActionsKey(environments: Readonly<Record<string, Environment>>, specs: readonly UnitSpec[], kept: Readonly<Record<string, string>>): Record<string, Environment> {
  const value = kept[serverActionsKey] ?? ''
  const variable = { value, origin: 'made by Plimsoll, once per app', secret: true }
  return Object.fromEntries(specs.flatMap(({ service, kind, runtime }) => {
    const own = environments[service]
    if (own === undefined) return []
    return [[service, kind === 'web' && runtime === 'node' ? { NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: variable, ...own } : own]]
  }))
}

function valuesMissing(missing: readonly MissingValue[], { app, source: { blueprint: file } }: Scope): PlimsollError {
  const names = missing.map(({ service, variable, line, column, origin }) => `${file}:${line}:${column} ${service} ${variable} (${origin})`)
  const settable = [...new Set(missing.flatMap(({ keptAs }) => (keptAs === undefined ? [] : [keptAs])))]
  return new PlimsollError('VALUE_MISSING', `${missing.length === 1 ? 'A value is' : `${missing.length} values are`} missing: ${names.join('; ')}`, {
    ...(settable.length > 0 && { hint: `Set ${settable.length === 1 ? 'it' : 'them'}: ${setCommand(app, settable)}` }),
    details: { missing: settable },
  })
}
