import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { blueprintRules } from '@plimsoll/blueprint'
import { ruleSamples } from '@plimsoll/blueprint/rule-samples'
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { examine } from '../src/examine.ts'
import type { Finding } from '../src/finding.ts'
import { mend } from '../src/mend/mend.ts'
import { rules, rulesOfRepository } from '../src/rules.ts'
import { subjectOf } from '../src/subject.ts'

const subject = (text: string) => subjectOf(text, { file: 'render.yaml', repository: undefined })
const about = (rule: string) => (finding: Finding) => finding.rule === rule
const counted = (findings: readonly Finding[]) => Map.groupBy(findings, ({ rule }) => rule)

/** In the form of the sample, and on lines of its own where that says the same. */
const samples = ruleSamples.flatMap(({ rule, bad, good }) => [bad, ...inBlocks(bad)].map((text) => ({ rule, text, good, said: text.slice(0, 200) })))

function inBlocks(text: string): string[] {
  try {
    return [stringify(parse(text, { logLevel: 'silent' }))]
  } catch {
    // Samples of what is no YAML.
    return []
  }
}

describe('rules of the Blueprint', () => {
  test('are rules of doctor, each with a sample that breaks it and a sample that does not', () => {
    const ids = rules.map(({ id }) => id)
    expect(ids.length).toBe(new Set(ids).size)
    expect(new Set(ruleSamples.map(({ rule }) => rule))).toEqual(new Set(Object.keys(blueprintRules)))
    expect(Object.keys(blueprintRules).filter((id) => !ids.includes(id))).toEqual([])
  })

  test.each(samples)('$rule: a remedy takes its finding away and brings no other: $said', ({ rule, text, good }) => {
    const before = counted(examine(subject(text)))
    const { text: after, mended, left } = mend(subject(text), about(rule))
    for (const [id, { length }] of counted(left)) expect({ id, length: length <= (before.get(id)?.length ?? 0) }).toEqual({ id, length: true })
    expect(left.filter(about(rule)).length).toBeLessThanOrEqual((before.get(rule)?.length ?? 0) - mended.length)
    expect(mend(subject(after), about(rule))).toEqual({ text: after, mended: [], left })
    expect(examine(subject(good)).filter(about(rule))).toEqual([])
  })

  test('those that say they mend do so for a sample, and no others', () => {
    const mending = samples.filter(({ rule, text }) => mend(subject(text), about(rule)).mended.length > 0).map(({ rule }) => rule)
    expect([...new Set(mending)].toSorted()).toEqual(rules.filter(({ id, mends }) => mends && Object.hasOwn(blueprintRules, id)).map(({ id }) => id).toSorted())
  })

  test('every other rule is in a file of its own, with its samples beside it', () => {
    const files = readdirSync(join(import.meta.dirname, '../src/rules')).toSorted()
    expect(files).toEqual(rulesOfRepository.flatMap(({ id }) => [`${id}.test.ts`, `${id}.ts`]).toSorted())
  })

  test('nothing else is an error: what Render takes is refused by no advice', () => {
    expect(rulesOfRepository.filter(({ severity }) => severity === 'error').map(({ id }) => id)).toEqual(['encoding'])
  })

  test('every rule says what it holds and why, in a sentence each', () => {
    for (const { id, holds, why } of rules) {
      expect(id).toMatch(/^[a-z][a-z-]+$/)
      expect(holds, id).toMatch(/^\S.*[.)]$/)
      expect(why, id).toMatch(/^[A-Z].*\.$/)
    }
  })
})
