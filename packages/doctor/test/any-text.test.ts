import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { blueprintRules } from '@plimsoll/blueprint'
import { ruleSamples } from '@plimsoll/blueprint/rule-samples'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { annotationsOf } from '../src/print/annotations.ts'
import { sarifOf } from '../src/print/sarif.ts'
import { examine } from '../src/examine.ts'
import { mend } from '../src/mend/mend.ts'
import { rules } from '../src/rules.ts'
import { subjectOf, type Subject } from '../src/subject.ts'
import { subjectIn } from './rule-test.ts'
import { monorepo } from './samples.ts'

/** More of them: PLIMSOLL_CASES=1000000 npx vitest run packages/doctor/test/any-text.test.ts */
const cases = Number(process.env['PLIMSOLL_CASES'] ?? 10_000)
const storefront = readFileSync(join(import.meta.dirname, '../../../examples/storefront/render.yaml'), 'utf8')
const seeds = [storefront, ...ruleSamples.flatMap(({ bad, good }) => (bad.length > 2000 ? [] : [bad, good]))]

/** What YAML has that plain files do not: anchors, aliases, merged keys, tags, comments, marks, other line ends, old numbers. */
const oddities = [
  '&a ', '*a', '<<: *a\n', '<<: [*a, *a]', '!!str ', '!!binary ', '!mine ', '? ', ': ', '- ', '\n', '\r\n', '\t', '#', ' #x', '{', '}', '[', ']', ',', '"', "'", '|\n', '>-\n', '---\n', '...\n', '%YAML 1.1\n', '~', 'null', 'true', 'off',
  '0x1F', '1e999', '-.inf', '.nan', '0o17', '__proto__: 1\n', 'constructor', '\u0000', '\uFEFF', '\u2028', '\uD800', '𝄞', 'é', 'services:\n', 'envVars: [{ key: A }]', '*a: 1\n', '? [a, b]\n: 1\n',
] as const

const mutation = fc.record({ at: fc.nat(), cut: fc.oneof({ arbitrary: fc.nat(3), weight: 3 }, fc.nat(80)), put: fc.oneof(fc.constantFrom(...oddities), fc.constantFrom(...seeds).map((seed) => seed.slice(0, 60)), fc.string({ maxLength: 4 })) })
const mutated = fc.record({ seed: fc.constantFrom(...seeds), changes: fc.array(mutation, { minLength: 1, maxLength: 4 }) }).map(({ seed, changes }) =>
  changes.reduce((text, { at, cut, put }) => {
    const from = text.length === 0 ? 0 : at % text.length
    return text.slice(0, from) + put + text.slice(from + cut)
  }, seed))
const made = fc.array(fc.constantFrom(...oddities, 'services: ', 'type: web\n', 'name: a\n', '  ', '    '), { maxLength: 30 }).map((parts) => parts.join(''))
const anyText = fc.oneof({ arbitrary: mutated, weight: 6 }, { arbitrary: made, weight: 2 }, { arbitrary: fc.string({ unit: 'binary', maxLength: 60 }), weight: 1 })

describe('any text', () => {
  let around: Subject['repository']

  beforeAll(async () => {
    around = (await subjectIn({ blueprint: storefront, files: monorepo })).repository
  })

  test(`gives findings with a place, and never falls over (${cases} texts)`, () => {
    fc.assert(fc.property(anyText, (text) => {
      const lines = text.split('\n').length
      for (const { rule, line, column, message, why } of examine(subjectOf(text, { file: 'render.yaml', repository: around }))) {
        if (!rules.some(({ id }) => id === rule) || line < 1 || line > lines || column < 1 || message === '' || why === '') throw new Error(`${rule} ${line}:${column} ${message}`)
      }
    }), { numRuns: cases })
  }, 120_000 + 10 * cases)

  test(`is left as it is by mending, or becomes one of which less is to be said (${Math.round(cases / 10)} texts)`, () => {
    fc.assert(fc.property(anyText, (text) => {
      const subject = subjectOf(text, { file: 'render.yaml', repository: around })
      const before = examine(subject)
      const { text: after, mended, left } = mend(subject)
      if (mended.length === 0) expect(after).toBe(text)
      expect(left.length).toBeLessThanOrEqual(before.length - mended.length)
      expect(annotationsOf(left).split('\n').length).toBe(left.length + 1)
      JSON.stringify(sarifOf(left, { rules, version: '0.0.0' }))
    }), { numRuns: Math.round(cases / 10) })
  }, 120_000 + 10 * cases)

  test('keeps every comment when it is mended', () => {
    const commented = storefront.replace('    runtime: node', '    env: node # as before').replace('healthCheckPath', 'helthCheckPath').replace('value: 150', 'value: true # yes')
    const { text, mended } = mend(subjectOf(commented, { file: 'render.yaml', repository: undefined }))
    expect(mended.map(({ rule }) => rule)).toEqual(['deprecated-key', 'unknown-key', 'boolean-value'])
    expect(text).toBe(commented.replace('env: node', 'runtime: node').replace('helthCheckPath', 'healthCheckPath').replace('value: true', "value: 'true'"))
  })
})

describe('huge texts', () => {
  const memoryMb = () => process.memoryUsage().heapUsed / 2 ** 20

  test.each([
    ['10 MB of services', () => `services:\n${'  - { type: worker, name: w, runtime: docker }\n'.repeat(220_000)}`],
    ['10 MB on one line', () => `services: "${'x'.repeat(10 * 2 ** 20)}"`],
    ['10 MB of brackets', () => '['.repeat(10 * 2 ** 20)],
  ])('%s are refused at once, in little memory', (_, make) => {
    const text = make()
    const before = memoryMb()
    const began = performance.now()
    expect(examine(subjectOf(text, { file: 'render.yaml', repository: undefined })).map(({ rule }) => rule)).toEqual(['file-size'])
    expect(performance.now() - began).toBeLessThan(1000)
    expect(memoryMb() - before).toBeLessThan(100)
  })

  test.each([
    ['aliases that unfold without end', ['a0: &a0 [x, x, x, x, x, x, x, x]', ...Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(8)}x]`)].join('\n')],
    ['half a million nested lists', '- '.repeat(2 ** 19 - 1)],
    ['thousands of anchors', Array.from({ length: 8_000 }, (_, n) => `a${n}: &b${n} x`).join('\n')],
  ])('%s end with a finding', (_, text) => {
    const found = examine(subjectOf(text, { file: 'render.yaml', repository: undefined })).map(({ rule }) => rule)
    expect(found.length).toBeGreaterThan(0)
    expect(found.every((rule) => Object.hasOwn(blueprintRules, rule))).toBe(true)
  }, 60_000)
})
