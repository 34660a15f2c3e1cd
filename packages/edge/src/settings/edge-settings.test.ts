import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { edgeSettings } from './edge-settings.ts'

test('every setting stands in docs/edge.md with its default, and nothing else does', async () => {
  const page = await readFile(new URL('../../../../docs/edge.md', import.meta.url), 'utf8')
  const documented = [...page.matchAll(/^\| `([a-zA-Z.]+)` +\| `([^`]+)` /gm)].map(([, name, value]) => [name, JSON.parse(value ?? '')])
  const { limits, trustedFronts, units, accessLog } = edgeSettings({})
  const held = [...Object.entries(limits).map(([name, value]) => [`limits.${name}`, value]), ['trustedFronts', trustedFronts], ['units.absentMs', units.absentMs], ...Object.entries(accessLog).map(([name, value]) => [`accessLog.${name}`, value])]
  expect(documented).toEqual(held)
})

test.each(['10.0.0.0/8', '::1', 'fd00::/8', '192.168.1.1', 'unix'])('%s can be a front', (front) => {
  expect(edgeSettings({ trustedFronts: [front] }).trustedFronts).toEqual([front])
})

test.each(['', 'shop.test', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::1/129', '1.2.3'])('%j cannot be a front', (front) => {
  expect(() => edgeSettings({ trustedFronts: [front] })).toThrow('10.0.0.0/8')
})
