import { serviceNameSchema, type UnitSpec } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { deployOrder, deploySourceOf } from './deploy-order.ts'

const spec = (service: string, ...reaches: string[]): UnitSpec => ({ service: serviceNameSchema.parse(service), kind: 'web', runtime: 'node', rootDir: '', maxShutdownDelayMs: 1, instances: 1, reaches: reaches.map((each) => serviceNameSchema.parse(each)) })
const source = { root: '/repo', blueprint: 'render.yaml', commit: 'c', dirty: false }

test.each<[string, UnitSpec[], string[]]>([
  ['who reaches nobody stays where the Blueprint has it', [spec('a'), spec('b')], ['a', 'b']],
  ['who is reached comes first, also by way of another', [spec('web', 'api'), spec('api', 'auth'), spec('auth')], ['auth', 'api', 'web']],
  ['a circle is begun with the first of it', [spec('a', 'b'), spec('b', 'a'), spec('c', 'a')], ['b', 'a', 'c']],
  ['what is no service of this Blueprint is not waited for', [spec('web', 'cache')], ['web']],
])('%s', (_why, specs, order) => {
  expect(deployOrder(specs).map(({ service }) => service)).toEqual(order)
})

test('a service of an image runs that, also where files are not committed', () => {
  expect(deploySourceOf({ ...spec('web'), image: { reference: 'ghcr.io/ada/web:1' } }, { ...source, dirty: true })).toEqual({ image: 'ghcr.io/ada/web:1' })
})

test('files that no commit holds are refused, and so is a directory without a commit', () => {
  const { commit: _, ...bare } = source
  for (const wrong of [{ ...source, dirty: true }, bare]) expect(() => deploySourceOf(spec('web'), wrong)).toThrow(expect.objectContaining({ code: 'PLACE_CANNOT' }))
})
