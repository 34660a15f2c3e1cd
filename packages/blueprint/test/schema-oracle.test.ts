import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '@plimsoll/model'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parseBlueprint } from '../src/blueprint.ts'
import { documentShape } from '../src/document-shape.ts'
import { fieldsOf, formsWith, serviceForms, type ServiceForm } from '../src/service-fields.ts'
import type { Field } from '../src/shape.ts'
import { recordIn, samplesOf, smallest, without } from './shape-samples.ts'

const schemaFile = join(import.meta.dirname, '../../../../shared/data/render-blueprint.schema.json')
const skipped = existsSync(schemaFile) ? '' : ` (skipped: no ${schemaFile})`

interface Difference {
  readonly rule: string
  /** Where, if not everywhere. */
  readonly path?: RegExp
  readonly why: string
}

/** Errors of ours about what the schema lets pass. */
const stricter: readonly Difference[] = [
  { rule: 'missing-command', why: 'native runtimes need commands; the documentation says so' },
  { rule: 'missing-key', path: /^services\[\d+\](\.scaling)?$/, why: 'staticPublishPath, and minInstances and maxInstances, are required in prose' },
  { rule: 'scaling-limits', why: 'limits and targets are required in prose' },
  { rule: 'malformed-value', why: 'paths, schedules, addresses and names are only text to the schema' },
  { rule: 'free-plan', why: 'the plan is for web services only' },
  { rule: 'static-runtime', why: 'the schema lists static among all runtimes' },
  { rule: 'image-source', why: 'image and repo exclude each other in prose' },
  { rule: 'disk-size', why: 'multiples of 5 in prose' },
  { rule: 'disk-scale', why: 'a disk belongs to one instance' },
  { rule: 'subdomain-policy', why: 'needs a domain in prose' },
  { rule: 'dangling-reference', why: 'the schema does not follow references' },
  { rule: 'reference-form', why: 'property and envVarKey exclude each other in prose' },
  { rule: 'reference-property', why: 'the schema does not follow references' },
  { rule: 'reference-type', why: 'the schema does not follow references' },
  { rule: 'reference-cycle', why: 'the schema does not follow references' },
  { rule: 'env-exclusive', why: 'value, generateValue and sync exclude each other in prose' },
  { rule: 'group-sync-false', why: 'Render drops them' },
  { rule: 'duplicate-name', why: 'names are identities' },
  { rule: 'build-source', why: 'the schema forgets image beside git' },
  { rule: 'unknown-key', path: /(scaling|headers\[\d+\]|routes\[\d+\]|fromService|fromDatabase|ipAllowList\[\d+\])\.surprise$/, why: 'the schema leaves these open; the sync reads strictly' },
  { rule: 'wrong-type', path: /envVarGroups\[\d+\]$/, why: 'the schema forgets to say that a group is an object' },
  { rule: 'empty-value', path: /envVarGroups\[\d+\]$/, why: 'the same' },
  { rule: 'wrong-kind-key', path: /^services/, why: 'a static site is a server too to the schema' },
]

/** Warnings of ours about what the schema refuses. */
const laxer: readonly Difference[] = [
  { rule: 'deprecated-key', why: 'the sync takes old names' },
  { rule: 'deprecated-value', why: 'the sync takes old spellings' },
  { rule: 'template-key', why: 'in Blueprints of Render’s own' },
]

function explains(differences: readonly Difference[], { rule, path }: Diagnostic): boolean {
  return differences.some((one) => one.rule === rule && (one.path === undefined || one.path.test(path)))
}

const always: Readonly<Record<ServiceForm, Record<string, unknown>>> = {
  S: { type: 'web', name: 'api', runtime: 'docker' },
  T: { type: 'web', name: 'help', runtime: 'static', staticPublishPath: 'dist' },
  C: { type: 'cron', name: 'nightly', runtime: 'docker', schedule: '0 3 * * *' },
  K: { type: 'keyvalue', name: 'kv', ipAllowList: [] },
  F: { type: 'workflow', name: 'flow', runtime: 'node', region: 'oregon', buildCommand: 'b', startCommand: 's' },
}
const letters = Object.keys(serviceForms) as ServiceForm[]

/** Every field of `base` with every sample value, and every required one missing; other keys of the base stay. */
function variants(base: Readonly<Record<string, unknown>>, fields: readonly Field[]): Record<string, unknown>[] {
  return fields.flatMap((field) => {
    const { good, bad } = samplesOf(field)
    return [base, without(base, field.key), { ...base, surprise: 1 }, ...[...good, ...bad].map((value) => ({ ...base, [field.key]: value }))]
  })
}

function* serviceDocuments(): Generator<unknown> {
  for (const form of letters) {
    // The discriminator decides the form, so its own variants are tried in the rules' samples.
    const fields = fieldsOf(form).filter(({ key }) => !['type', 'runtime', 'env'].includes(key))
    for (const service of variants(always[form], fields)) yield { services: [service] }
    for (const other of letters.flatMap((letter) => [...fieldsOf(letter)])) {
      if (!formsWith(other.key).includes(form)) yield { services: [{ ...always[form], [other.key]: samplesOf(other).good[0] }] }
    }
  }
}

function* otherDocuments(): Generator<unknown> {
  const root = recordIn(documentShape)
  for (const document of variants({}, root.fields)) yield document
  const environment = { name: 'production', services: [always.S], networking: { isolation: 'enabled' } }
  yield { projects: [{ name: 'p', environments: [environment] }] }
  yield { projects: [{ name: 'p', environments: [without(environment, 'name')] }] }
  yield { projects: [{ name: 'p', environments: [{ ...environment, surprise: 1 }] }] }
  yield { ungrouped: { services: [always.K], databases: [{ name: 'db' }] } }
  yield { ungrouped: { previews: {} } }
}

function* variableDocuments(): Generator<unknown> {
  const list = fieldsOf('S').find(({ key }) => key === 'envVars')?.shape ?? documentShape
  const rest = { databases: [{ name: 'thing' }], envVarGroups: [{ name: 'some/text', envVars: [] }] }
  const holder = { ...always.S, name: 'thing' }
  for (const source of ['value', 'fromService', 'fromDatabase', 'fromGroup']) {
    const shape = recordIn(list, [source])
    const base = { ...smallest(shape), ...Object.fromEntries(shape.fields.filter(({ key }) => key === source).map((field) => [source, samplesOf(field).good[0]])) }
    for (const entry of variants(base, shape.fields)) yield { ...rest, services: [{ ...holder, envVars: [entry] }] }
    yield { ...rest, services: [{ ...holder, envVars: [{ ...base, description: 'x' }] }] }
    yield { ...rest, services: [holder], envVarGroups: [{ name: 'some/text', envVars: [base] }] }
    for (const other of ['value', 'fromService', 'fromDatabase', 'fromGroup']) {
      const more = recordIn(list, [other]).fields.find(({ key }) => key === other)
      if (more !== undefined && other !== source) yield { ...rest, services: [{ ...holder, envVars: [{ ...base, [other]: samplesOf(more).good[0] }] }] }
    }
  }
}

/** Many good fields at once, chosen by a sequence that is the same every time. */
function* mixedDocuments(): Generator<unknown> {
  let state = 1
  const random = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  for (let round = 0; round < 400; round++) {
    const form = letters[random(letters.length)] ?? 'S'
    const service: Record<string, unknown> = { ...always[form] }
    for (const field of fieldsOf(form)) {
      const { good, bad } = samplesOf(field)
      const chosen = random(60) === 0 ? bad : good
      if (random(4) === 0 && !['type', 'runtime', 'env', 'envVars', 'buildSource'].includes(field.key)) service[field.key] = chosen[random(chosen.length)]
    }
    yield { services: [service] }
  }
}

describe.skipIf(skipped !== '')(`beside Render's own schema${skipped}`, () => {
  const schema: unknown = skipped === '' ? JSON.parse(readFileSync(schemaFile, 'utf8')) : {}
  const accepts = new Ajv2020({ strict: false, formats: { uri: true } }).compile(schema as object)

  test.each([
    ['services', serviceDocuments],
    ['variables', variableDocuments],
    ['the rest', otherDocuments],
    ['mixed services', mixedDocuments],
  ])('the verdict on %s is the same, but for the differences that are written down', (_, documents) => {
    const surprises: unknown[] = []
    let count = 0
    let refused = 0
    for (const document of documents()) {
      const { diagnostics } = parseBlueprint(JSON.stringify(document), { file: 'render.yaml' })
      const errors = diagnostics.filter(({ severity }) => severity === 'error')
      const accepted = accepts(document)
      count += 1
      refused += accepted ? 0 : 1
      const unexplained = accepted ? errors.filter((one) => !explains(stricter, one)) : []
      if (unexplained.length > 0) surprises.push({ document, schema: 'accepts', unexplained })
      if (!accepted && errors.length === 0 && !diagnostics.some((one) => explains(laxer, one))) surprises.push({ document, schema: accepts.errors })
    }
    expect(surprises.slice(0, 5)).toEqual([])
    expect(Math.min(refused, count - refused)).toBeGreaterThan(5)
  })

  test.each([
    ['S', 'serverService'],
    ['T', 'staticService'],
    ['C', 'cronService'],
    ['K', 'redisServer'],
    ['F', 'workflowService'],
  ] as const)('form %s has the keys of %s', (form, definition) => {
    const aliases = ['env', 'afterFirstDeployCommand']
    const { definitions } = schema as { definitions: Record<string, { properties: object }> }
    const ours = fieldsOf(form).map(({ key }) => key)
    expect(new Set(ours.filter((key) => !aliases.includes(key)))).toEqual(new Set(Object.keys(definitions[definition]?.properties ?? {})))
  })

  test('every set of values is the schema’s', () => {
    const theirs = enumsOf(schema)
    const unknown = choicesOf(fieldsOf).filter((ours) => !theirs.has(ours.toSorted().join('|')))
    // The schema spells type once per form, redis included.
    expect(unknown.map((values) => values.join('|'))).toEqual([['web', 'pserv', 'worker', 'cron', 'keyvalue', 'workflow'].join('|')])
  })
})

function enumsOf(node: unknown, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found
  if ('enum' in node && Array.isArray(node.enum)) found.add(node.enum.map(String).toSorted().join('|'))
  if ('const' in node) found.add(String(node.const))
  for (const inner of Object.values(node)) enumsOf(inner, found)
  return found
}

function choicesOf(tables: (form: ServiceForm) => readonly Field[]): (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  const visit = (fields: readonly Field[]): void => {
    for (const { shape } of fields) {
      const inner = shape.is === 'list' ? shape.of : shape
      if (inner.is === 'choice') found.set(inner.of.join('|'), inner.of)
      if (inner.is === 'record') visit(inner.fields)
    }
  }
  for (const form of letters) visit(tables(form))
  visit(recordIn(documentShape).fields)
  return [...found.values()]
}
