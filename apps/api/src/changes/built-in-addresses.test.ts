import { expect, test } from 'vitest'
import { readBlueprint } from '../wiring.ts'
import { builtInAddresses, type ReleasedThere } from './built-in-addresses.ts'

const blueprintWith = (...variables: readonly string[]) => readBlueprint(`
services:
  - { type: web, name: api, runtime: node, buildCommand: npm run build, startCommand: node api.js }
  - type: web
    name: web
    runtime: node
    buildCommand: npm run build
    startCommand: node web.js
    envVars:
${variables.map((each) => `      - ${each}`).join('\n')}
`, 'render.yaml')
const url = '{ key: NEXT_PUBLIC_API_URL, fromService: { type: web, name: api, envVarKey: RENDER_EXTERNAL_URL } }'
const name = '{ key: NEXT_PUBLIC_NAME, value: shop }'
const released = (blueprint: ReleasedThere['blueprint'], publicValues: Readonly<Record<string, string>>): ReleasedThere => ({ blueprint, artifacts: { web: { publicValues }, api: { publicValues: {} } } })
const staging = released(blueprintWith(url, name), { NEXT_PUBLIC_API_URL: 'http://localhost:1', NEXT_PUBLIC_NAME: 'shop' })

test('an address that is built in and is another one there is named', () => {
  expect(builtInAddresses(staging, released(blueprintWith(name, url), { NEXT_PUBLIC_API_URL: 'http://localhost:2', NEXT_PUBLIC_NAME: 'other' }))).toEqual(['NEXT_PUBLIC_API_URL of web'])
})

test('the same address is none, nor one of which it is not known what it will be there', () => {
  expect(builtInAddresses(staging, released(blueprintWith(url, name), { NEXT_PUBLIC_API_URL: 'http://localhost:1' }))).toEqual([])
  expect(builtInAddresses(staging, released(blueprintWith(url), {}))).toEqual([])
  expect(builtInAddresses(staging, { blueprint: blueprintWith(url), artifacts: {} })).toEqual([])
  // What is live there was given its address by hand; the next release will not be.
  expect(builtInAddresses(staging, released(blueprintWith('{ key: NEXT_PUBLIC_API_URL, value: "http://localhost:2" }'), { NEXT_PUBLIC_API_URL: 'http://localhost:2' }))).toEqual([])
})
