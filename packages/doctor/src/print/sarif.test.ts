import { expect, test } from 'vitest'
import { rules } from '../rules.ts'
import { sarifOf } from './sarif.ts'

const finding = { rule: 'image-tag', severity: 'info', file: 'infra/my render.yaml', line: 3, column: 5, path: 'services[0].image', message: 'it moves', why: 'So it does.' } as const

interface Log {
  readonly version: string
  readonly runs: readonly [{ readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }; readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number }[] }]
}

test('a finding has its rule, its level, its place as a URI, and a fingerprint that does not move with its line', () => {
  const log = sarifOf([finding], { rules, version: '0.1.0' }) as Log
  const [run] = log.runs
  const [result] = run.results
  expect(log.version).toBe('2.1.0')
  expect(run.tool.driver.rules.length).toBe(rules.length)
  expect(run.tool.driver.rules[result?.ruleIndex ?? -1]?.id).toBe('image-tag')
  expect(result).toMatchObject({
    ruleId: 'image-tag', level: 'note', message: { text: 'services[0].image: it moves. So it does.' },
    locations: [{ physicalLocation: { artifactLocation: { uri: 'infra/my%20render.yaml' }, region: { startLine: 3, startColumn: 5 } } }],
    partialFingerprints: { 'plimsoll/v1': 'image-tag|infra/my render.yaml|services[0].image' },
  })
})
