import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatDiagnostic } from '@plimsoll/model'
import { describe, expect, test } from 'vitest'
import { parseBlueprint } from './parse-blueprint.ts'

const parse = (text: string) => parseBlueprint(text, { file: 'render.yaml' })
const lines = (text: string) => parse(text).diagnostics.map((one) => `${one.severity} ${formatDiagnostic(one)}${one.hint === undefined ? '' : ` | ${one.hint}`}`)

const storefront = join(import.meta.dirname, '../../../examples/storefront/render.yaml')

const twentyMistakes = `services:
  - type: web
    name: web
    env: node
    runtime: nodejs
    numInstances: "2"
    helthCheckPath: /healthz
    staticPublishPath: dist
    maxShutdownDelaySeconds: 900
    envVars:
      - key: DEBUG
        value: true
      - key: API
        fromService:
          type: pserv
          name: ap
          property: url
      - key: DEBUG
        value: "1"
      - fromGroup: shared
        key: X
  - type: wrker
    name: web
    runtime: node
  - type: cron
    name: nightly
    runtime: node
    buildCommand: pnpm build
    healthCheckPath: healthz
    plan: free
  - type: keyvalue
    name: cache
    maxmemoryPolicy: lru
databases:
  - name: db
    ipAllowList: []
    diskSizeGB: 7
    postgresMajorVersion: 16
crons: []
`

describe('parseBlueprint', () => {
  test('reports all mistakes of a file at once, each at its own line and column', () => {
    const found = parse(twentyMistakes).diagnostics.map(({ line, column, rule }) => `${line}:${column} ${rule}`)
    expect(found).toEqual([
      '4:5 deprecated-key',
      '5:5 unknown-value',
      '6:5 wrong-type',
      '7:5 unknown-key',
      '8:5 wrong-kind-key',
      '9:5 out-of-range',
      '12:9 boolean-value',
      '16:11 dangling-reference',
      '17:11 unknown-value',
      '18:9 duplicate-env-key',
      '20:9 dangling-reference',
      '21:9 wrong-kind-key',
      '22:5 unknown-service-type',
      '23:5 duplicate-name',
      '25:5 missing-key',
      '25:5 missing-command',
      '29:5 wrong-kind-key',
      '30:5 unknown-value',
      '31:5 missing-key',
      '33:5 unknown-value',
      '37:5 disk-size',
      '38:5 wrong-type',
      '39:1 unknown-key',
    ])
    expect(parse(twentyMistakes).blueprint).toBeUndefined()
  })

  test('says what is wrong, where, and what to write instead', () => {
    expect(lines('services:\n  - type: pserv\n    name: api\n    runtime: docker\n    domans: [a]\n')).toEqual([
      'error render.yaml:5:5 services[0].domans: a private service has no "domans" | did you mean "domains"?',
    ])
    expect(lines('databases: [{ name: db, ipAllowList: [], postgresMajorVersion: 16 }]')).toEqual([
      'error render.yaml:1:42 databases[0].postgresMajorVersion: must be text, and is the number 16 | write "16" in quotes',
    ])
    expect(lines('services:\n  - type: static\n    name: help\n')).toEqual([
      'error render.yaml:2:5 services[0].type: "static" is not a type of service | write type: web with runtime: static',
    ])
  })

  test.each(['', '# nothing here\n', '---\n'])('says that %j describes nothing', (text) => {
    expect(lines(text)).toEqual(['error render.yaml:1:1 the file describes nothing | list what runs under services:'])
  })

  test.each(['hello', '[]', '42', '- a\n- b'])('takes %j for no Blueprint', (text) => {
    expect(parse(text).diagnostics.map(({ rule }) => rule)).toEqual(['wrong-type'])
  })

  test('gives syntax errors their place and a hint', () => {
    expect(lines('services:\n\t- type: web\n')[0]).toMatch(/^error render\.yaml:2:1 .*\| indent with spaces/)
    const [cron] = parse('services:\n  - type: cron\n    schedule: */5 * * * *\n').diagnostics
    expect(cron).toMatchObject({ rule: 'yaml-syntax', line: 3 })
    expect(cron?.hint).toContain('goes in quotes')
  })

  test('survives every beginning of a file, and a file with any of its characters gone', () => {
    for (let cut = 0; cut < twentyMistakes.length; cut += 17) {
      expect(parse(twentyMistakes.slice(0, cut)).blueprint === undefined || cut > 0).toBe(true)
      for (const { line, column } of parse(twentyMistakes.slice(0, cut) + twentyMistakes.slice(cut + 1)).diagnostics) {
        expect(Math.min(line, column)).toBeGreaterThan(0)
      }
    }
  })

  test('refuses aliases that unfold without end, at once', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x]', ...Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(8)}x]`)].join('\n')
    expect(parse(bomb).diagnostics.map(({ rule }) => rule)).toContain('yaml-syntax')
  })

  test.each([['[', 20_000], ['{a: ', 10_000], ['- ', 3_000], ['a: &a\n  b: *a\n', 1], ['services: *nope\n', 1]])('refuses %j × %i without falling over', (text, times) => {
    expect(parse(text.repeat(times)).diagnostics.map(({ rule }) => rule)).toContain('yaml-syntax')
  })

  test('counts lines and columns the same in a file from Windows', () => {
    expect(lines('\uFEFFservices: []\r\ndatabases: []\r\ncrons: []\r\n')[0]).toMatch(/^error render\.yaml:3:1 crons: /)
  })

  test('is not led astray by names that JavaScript has of its own', () => {
    expect(lines('__proto__: 1\nconstructor: 2').map((line) => line.split(' |')[0])).toEqual([
      'error render.yaml:1:1 __proto__: a Blueprint has no "__proto__"',
      'error render.yaml:2:1 constructor: a Blueprint has no "constructor"',
    ])
  })

  test('reads anchors where they are used', () => {
    const { blueprint } = parse('databases:\n  - name: a\n    ipAllowList: &open [{ source: 0.0.0.0/0 }]\n  - name: b\n    ipAllowList: *open\n')
    expect(blueprint?.databases[1]?.ipAllowList).toEqual([{ source: '0.0.0.0/0' }])
  })

  test.skipIf(!existsSync(storefront))('finds nothing wrong with the storefront', () => {
    const { blueprint, diagnostics } = parse(readFileSync(storefront, 'utf8'))
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(formatDiagnostic)).toEqual([])
    expect(blueprint?.services.length).toBeGreaterThan(3)
  })
})
