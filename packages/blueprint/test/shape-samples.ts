import type { Field, RecordShape, Shape } from '../src/shape.ts'
import type { MapNode } from '../src/yaml-tree.ts'
import type { Report } from '../src/report.ts'

/** Values that a shape takes, and values that it does not, as JSON. Few, and chosen for their edges. */
export interface Samples {
  readonly good: readonly unknown[]
  readonly bad: readonly unknown[]
}

/** Texts that satisfy every form in the table at once would be nonsense, so each form is given by the key that has it. */
const formedTexts: Readonly<Record<string, Samples>> = {
  healthCheckPath: { good: ['/', '/healthz'], bad: ['healthz'] },
  mountPath: { good: ['/var/data'], bad: ['data'] },
  schedule: { good: ['*/5 * * * *', '0 3 1-7 * mon'], bad: ['daily', '60 * * * *'] },
  uri: { good: ['https://example.com/'], bad: ['/down'] },
  source: { good: ['0.0.0.0/0', '/*'], bad: [] },
  key: { good: ['DATABASE_URL'], bad: ['A=B', ''] },
  envVarKey: { good: ['PORT'], bad: ['A B'] },
  name: { good: ['thing'], bad: [' '] },
}

/** Samples of the value of `field`. */
export function samplesOf({ key, shape }: Field): Samples {
  switch (shape.is) {
    case 'text': {
      const formed = shape.form === undefined ? undefined : formedTexts[key]
      return { good: formed?.good ?? ['some/text'], bad: [1, true, [], {}, null, ...(formed?.bad ?? [])] }
    }
    case 'envValue':
      return { good: ['x', '', 1, 1.5], bad: [true, [], {}, null] }
    case 'integer':
      return { good: [shape.min, shape.max ?? shape.min + 4], bad: [shape.min - 1, ...(shape.max === undefined ? [] : [shape.max + 1]), 1.5, '1', null] }
    case 'boolean':
      return { good: [true, false], bad: ['true', 1, null] }
    case 'choice':
      return { good: shape.of, bad: ['no-such-thing', 7, true, [], null] }
    case 'list':
      return listSamples(key, shape.of)
    case 'record':
      return recordSamples(shape)
    case 'pick':
      return { good: [], bad: [1, 'x', null] }
  }
}

function listSamples(key: string, of: Shape): Samples {
  const inner = samplesOf({ key: key === 'ipAllowList' ? 'source' : key, shape: of })
  return { good: [[], ...inner.good.map((one) => [one])], bad: [{}, 'x', null, ...inner.bad.map((one) => [one])] }
}

function recordSamples(shape: RecordShape): Samples {
  const base = smallest(shape)
  const good: unknown[] = [base]
  const bad: unknown[] = [[], 'x', null, { ...base, surprise: 1 }]
  for (const field of shape.fields) {
    const samples = samplesOf(field)
    good.push(...samples.good.map((value) => ({ ...base, [field.key]: value })))
    bad.push(...samples.bad.map((value) => ({ ...base, [field.key]: value })))
    if (field.required !== undefined) bad.push(without(base, field.key))
  }
  return { good, bad }
}

/** A record with nothing but what it must have. */
export function smallest(shape: RecordShape): Record<string, unknown> {
  const needed = shape.fields.filter(({ key, required }) => required !== undefined || key === shape.oneOf?.[0])
  return Object.fromEntries(needed.map((field) => [field.key, samplesOf(field).good[0]]))
}

export function without(record: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key))
}

/** The record behind a list of records, or behind a pick for entries with these keys. */
export function recordIn(shape: Shape, keys: readonly string[] = []): RecordShape {
  if (shape.is === 'record') return shape
  if (shape.is === 'list') return recordIn(shape.of, keys)
  if (shape.is !== 'pick') throw new Error(`no record in a ${shape.is}`)
  const at = { line: 1, column: 1 }
  const entries = new Map(keys.map((key) => [key, { is: 'scalar', at, path: '', value: null, source: '', quoted: false } as const]))
  const node: MapNode = { is: 'map', at, path: '', entries }
  const silent: Report = { add: () => undefined, faults: () => [] }
  return shape.pick(node, silent)
}
