import { formatDiagnostic, type Diagnostic } from '@plimsoll/model'
import { describe, expect, test } from 'vitest'
import { blueprintRules, parseBlueprint } from '../src/blueprint.ts'
import { ruleSamples } from './rule-samples.ts'

const check = (text: string): readonly Diagnostic[] => parseBlueprint(text, { file: 'render.yaml' }).diagnostics

describe('every rule', () => {
  test('has a sample that breaks it', () => {
    expect(new Set(ruleSamples.map(({ rule }) => rule))).toEqual(new Set(Object.keys(blueprintRules)))
  })

  test.each(ruleSamples.map((sample) => ({ ...sample, said: sample.bad.slice(0, 300) })))('$rule is reported at $path of: $said', ({ rule, path, bad }) => {
    const found = check(bad).filter((diagnostic) => diagnostic.rule === rule)
    expect(found.map((diagnostic) => diagnostic.path)).toContain(path)
    for (const { severity, message } of found) {
      expect(severity).toBe(blueprintRules[rule].severity)
      expect(message).not.toMatch(/undefined|\[object/)
    }
  })

  test.each(ruleSamples)('$rule is silent, and nothing is an error, about: $good', ({ rule, good }) => {
    const { blueprint, diagnostics } = parseBlueprint(good, { file: 'render.yaml' })
    expect(diagnostics.filter((diagnostic) => diagnostic.rule === rule || diagnostic.severity === 'error').map(formatDiagnostic)).toEqual([])
    expect(blueprint).toBeDefined()
  })

  test.each(ruleSamples.map((sample) => ({ ...sample, said: sample.bad.slice(0, 300) })))('$rule keeps the Blueprint back only if it is an error: $said', ({ bad }) => {
    const { blueprint, diagnostics } = parseBlueprint(bad, { file: 'render.yaml' })
    expect(blueprint === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'))
  })
})
