import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Finding } from '../finding.ts'
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

/**
 * What SARIF 2.1.0 asks of everything that is written, section by section (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html); what is not named here is refused, so that
 * nothing is written unchecked. Its JSON schema comes with no package.
 */
const text = z.string().min(1)
const level = z.enum(['none', 'note', 'warning', 'error'])
const message = z.strictObject({ text })
const uri = z.string().regex(/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})+$/, 'is no URI reference (RFC 3986)')
const logSchema = z.strictObject({
  // §3.13.2, §3.13.3, §3.13.4
  $schema: z.url(), version: z.literal('2.1.0'),
  runs: z.array(z.strictObject({
    // §3.14.6, §3.18.2, §3.19.8, §3.19.12
    tool: z.strictObject({ driver: z.strictObject({
      name: text, semanticVersion: z.string().regex(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/),
      // §3.19.23 asks for no two that are the same; §3.49.3, §3.49.9, §3.49.10, §3.49.14, §3.50.3
      rules: z.array(z.strictObject({ id: text, shortDescription: message, fullDescription: message, defaultConfiguration: z.strictObject({ level }) })),
    }) }),
    // §3.14.27, §3.14.14: what is no absolute URI may leave it out
    columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
    originalUriBaseIds: z.record(text, z.strictObject({ description: message })),
    // §3.27.5, §3.27.6, §3.27.10, §3.27.11, §3.27.12, §3.27.17
    results: z.array(z.strictObject({
      ruleId: text, ruleIndex: z.int().min(0), level, message, partialFingerprints: z.record(text, text),
      // §3.28.3, §3.28.4, §3.29.3, §3.29.4, §3.4.3, §3.4.4, §3.30.5, §3.30.6, §3.33.5
      locations: z.array(z.strictObject({
        physicalLocation: z.strictObject({ artifactLocation: z.strictObject({ uri, uriBaseId: text }), region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) }) }),
        logicalLocations: z.array(z.strictObject({ fullyQualifiedName: text })).min(1).optional(),
      })).min(1),
    })),
  })),
})

test('a log is what SARIF 2.1.0 asks for, for a finding of every rule and whatever their files and words are', () => {
  const files = ['render.yaml', 'infra/my render.yaml', 'a#b/c?d/[e].yaml', 'näh/100%/"x".yaml']
  const findings = rules.map(({ id, severity }, index): Finding => ({ ...finding, rule: id, severity, file: files[index % files.length] ?? '', path: index % 2 === 0 ? '' : finding.path, message: '100% "of"\r\n::error::\u0000', ...(index % 3 === 0 && { hint: 'say so' }) }))
  const log = logSchema.parse(JSON.parse(JSON.stringify(sarifOf(findings, { rules, version: '0.1.0' }))))
  for (const { tool: { driver }, results, originalUriBaseIds } of log.runs) {
    expect(results).toHaveLength(rules.length)
    expect(new Set(driver.rules.map(({ id }) => id)).size).toBe(driver.rules.length)
    for (const { ruleId, ruleIndex, locations } of results) {
      expect(driver.rules[ruleIndex]?.id).toBe(ruleId)
      for (const { physicalLocation: { artifactLocation } } of locations) {
        expect(Object.keys(originalUriBaseIds)).toContain(artifactLocation.uriBaseId)
        expect(files).toContain(decodeURIComponent(artifactLocation.uri))
      }
    }
  }
})
