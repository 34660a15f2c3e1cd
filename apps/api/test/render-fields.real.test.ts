import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resolveEnvironments } from '@plimsoll/blueprint'
import { createOpenApiOracle, startFakeRender, whyNoOpenApi, type Exchange } from '@plimsoll/drivers/fake-render'
import { blueprintFields, createRenderApi, createRenderPlatform, type FieldWay } from '@plimsoll/drivers/render'
import { manualClock } from '@plimsoll/engine/fakes'
import { appNameSchema } from '@plimsoll/model'
import { describe, expect, test } from 'vitest'
import { readBlueprint } from '../src/wiring.ts'
import { fieldSamples, type FieldSample } from './render-field-samples.ts'

const schemaFile = join(import.meta.dirname, '../../../../shared/data/render-blueprint.schema.json')
const whyNoSchema = existsSync(schemaFile) ? '' : ` (skipped: no ${schemaFile})`

type Json = Readonly<Record<string, unknown>>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `scaling`, `scaling.minInstances`: what a schema names, and what the objects written within it name. */
function fieldsIn(schema: Json): string[] {
  const inner = Array.isArray(schema['allOf']) ? schema['allOf'].filter(isJson).flatMap((part) => fieldsIn(part)) : []
  const properties = isJson(schema['properties']) ? Object.entries(schema['properties']) : []
  return [...inner, ...properties.flatMap(([name, value]) => [name, ...(isJson(value) ? fieldsIn(value).map((field) => `${name}.${field}`) : [])])]
}

function definitionsOf(schema: Json): Readonly<Record<string, readonly string[]>> {
  const definitions = isJson(schema['definitions']) ? schema['definitions'] : {}
  const all = Object.entries({ ...definitions, '': schema }).flatMap(([name, definition]) => (isJson(definition) ? [[name, fieldsIn(definition)] as const] : []))
  const resources = all.find(([name]) => name === 'resources')?.[1] ?? []
  // What these two take from `resources` is theirs.
  return Object.fromEntries(all.filter(([, fields]) => fields.length > 0).map(([name, fields]) => [name, [...fields, ...(name === '' || name === 'environment' ? resources : [])].toSorted()]))
}

test.skipIf(whyNoSchema !== '')(`what becomes of it is known of every field of Render’s schema, and of nothing else${whyNoSchema}`, () => {
  const known = Object.fromEntries(Object.entries(blueprintFields).map(([name, fields]) => [name, Object.keys(fields).toSorted()]))
  expect(known).toEqual(definitionsOf(JSON.parse(readFileSync(schemaFile, 'utf8')) as Json))
})

interface Arrived {
  readonly exchanges: readonly Exchange[]
  /** Of the last of them, before anything was changed for it. */
  readonly left: readonly string[]
  /** What does not agree with Render's document, and what goes on differing. */
  readonly faults: readonly string[]
}

const arrivals = new Map<string, Promise<Arrived>>()

/** Settles Blueprints one after the other in one workspace of their own, each until nothing differs; what many samples begin with only once. */
function arrive(documents: readonly object[]): Promise<Arrived> {
  const key = JSON.stringify(documents)
  const arrival = arrivals.get(key) ?? arriveAnew(documents)
  arrivals.set(key, arrival)
  return arrival
}

async function arriveAnew(documents: readonly object[]): Promise<Arrived> {
  const clock = manualClock({ auto: true })
  const oracle = createOpenApiOracle()
  const exchanges: Exchange[] = []
  const fake = await startFakeRender({ clock, onExchange: (exchange) => (oracle.look(exchange), void exchanges.push(exchange)) })
  fake.world.credentials.push({ id: 'rgc-00000000000000000001', name: 'ghcr' })
  const platform = createRenderPlatform({
    api: createRenderApi({ base: fake.base, key: fake.key, fetch, clock, random: () => 0.5 }), clock, workspace: undefined, keptFor: async () => ({}), repoOf: async () => 'https://github.com/ada/shop',
    understand: (text) => readBlueprint(text, 'render.yaml'), resolve: (blueprint, surroundings) => resolveEnvironments(blueprint, surroundings, { phase: 'run' }),
  })
  const survey = (document: object) => platform.survey({ app: appNameSchema.parse('shop'), source: { root: '/r', blueprint: 'render.yaml', commit: 'c', dirty: false }, blueprint: JSON.stringify(document), specs: [] }, new AbortController().signal)
  let left: readonly string[] = []
  const faults: string[] = []
  for (const document of documents) {
    let found = await survey(document)
    left = found.left
    for (let round = 0; round < 4 && found.changes.length > 0; round += 1, found = await survey(document)) {
      for (const change of found.changes) await platform.apply(change, new AbortController().signal)
    }
    faults.push(...found.changes.map(({ change }) => `goes on differing: ${JSON.stringify(change)}`))
  }
  await fake.close()
  return { exchanges, left, faults: [...faults, ...oracle.faults, ...exchanges.flatMap(({ answered, method, template }) => (answered.status >= 400 ? [`${method} ${template}: ${JSON.stringify(answered.body)}`] : []))] }
}

/** What requests of a kind hold in a place, as text. */
function held({ exchanges }: Pick<Arrived, 'exchanges'>, [request, at]: readonly [string, string]): string[] {
  return exchanges.filter(({ method, template }) => `${method} ${template}` === request).flatMap(({ asked }) => {
    const value = at === '' ? [asked.body, asked.params, asked.query.toString()] : at.split('.').reduce<unknown>((now, key) => (isJson(now) ? now[key] : undefined), asked.body)
    return value === undefined ? [] : [JSON.stringify(value)]
  })
}

interface Tried {
  readonly base: Arrived
  readonly fresh: Arrived
  readonly later: Arrived
}

async function tried({ without, field, before = without }: FieldSample): Promise<Tried> {
  const [base, fresh, later] = await Promise.all([arrive([without]), arrive([field]), arrive([before, field])])
  return { base, fresh, later }
}

const rows = Object.entries(blueprintFields).flatMap(([of, fields]) => Object.entries(fields).map(([field, way]): [string, string, FieldWay] => [of, field, way])).filter(([, , way]) => !('here' in way))

describe(`every field of a Blueprint is sent as Render’s document wants it, or said${whyNoOpenApi}`, () => {
  test.each(rows)('%s %s', async (of, field, way) => {
    const samples = fieldSamples[of]?.[field] ?? []
    expect(samples, 'a sample of it').not.toEqual([])
    const all = await Promise.all(samples.map((sample) => tried(sample)))
    expect(all.flatMap(({ fresh, later }) => [...fresh.faults, ...later.faults])).toEqual([])
    if ('unsent' in way) return void expectSaid(all, way.unsent)
    if (!('sent' in way)) return
    for (const sent of way.sent) {
      const news = all.flatMap(({ base, fresh, later }) => [...held(fresh, sent), ...held(later, sent)].filter((value) => !held(base, sent).includes(value)))
      expect(news, `in ${sent.join(' ')}`).not.toEqual([])
    }
    const { left } = way
    if (left !== undefined) expect(all.flatMap(({ later }) => later.left.filter((text) => left.test(text)))).not.toEqual([])
  })
})

function expectSaid(all: readonly Tried[], why: string): void {
  for (const { base, fresh, later } of all) {
    const saying = ({ left }: Arrived): string[] => left.filter((text) => text.includes(why))
    expect(saying(fresh)).not.toEqual([])
    expect(saying(later)).not.toEqual([])
    expect(saying(base)).toEqual([])
  }
}
