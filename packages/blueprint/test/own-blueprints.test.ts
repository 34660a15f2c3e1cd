import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseBlueprint } from '../src/blueprint.ts'

const root = join(import.meta.dirname, '../../..')
const schemaFile = join(root, '../shared/data/render-blueprint.schema.json')
const skipped = existsSync(schemaFile) ? '' : ` (skipped: no ${schemaFile})`
const files = ['render.yaml', 'render.docker.yaml', 'examples/storefront/render.yaml', 'examples/storefront/render.docker.yaml']
const read = (file: string) => readFileSync(join(root, file), 'utf8')

test.each(files)('%s is a Blueprint without a fault, and the Dockerfiles that it names are there', (file) => {
  const { diagnostics } = parseBlueprint(read(file), { file })
  expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([])
  const { services } = parse(read(file)) as { services: readonly { readonly dockerfilePath?: string }[] }
  for (const { dockerfilePath } of services) {
    if (dockerfilePath !== undefined) expect(existsSync(join(root, file, '..', dockerfilePath)), dockerfilePath).toBe(true)
  }
})

test.skipIf(skipped !== '')(`Render's own schema takes them all${skipped}`, () => {
  const accepts = new Ajv2020({ strict: false, formats: { uri: true } }).compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object)
  for (const file of files) expect([file, accepts(parse(read(file))), accepts.errors]).toEqual([file, true, null])
})

test("Plimsoll's own Blueprint, as `plimsoll check` reads it, gives nothing to say", () => {
  expect(parseBlueprint(read('render.yaml'), { file: 'render.yaml' }).diagnostics).toEqual([])
})

describe('the storefront from its Dockerfiles', () => {
  test('is the storefront from its commands but for how its programs are built', () => {
    const withoutBuild = (file: string) => JSON.parse(JSON.stringify(parse(read(file)), (key, value: unknown) => (/^(?:runtime|buildCommand|startCommand|dockerfilePath|dockerContext|buildFilter)$/.test(key) ? undefined : value))) as unknown
    expect(withoutBuild('examples/storefront/render.docker.yaml')).toEqual(withoutBuild('examples/storefront/render.yaml'))
  })
})
