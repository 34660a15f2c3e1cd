import { expect, test } from 'vitest'
import { gatewaysIn } from './bridge-here.ts'

const network = (...Config: readonly object[]): string => JSON.stringify({ Name: 'bridge', IPAM: { Driver: 'default', Config } })

test('an engine that was started for the first time does not name its gateway, which is the first address of its bridge', () => {
  expect(gatewaysIn(network({ Subnet: '172.17.0.0/16' }))).toEqual(['172.17.0.1'])
  expect(gatewaysIn(network({ Subnet: '10.9.8.0/24' }, { Subnet: '192.168.0.0/20', Gateway: '192.168.7.1' }))).toEqual(['10.9.8.1', '192.168.7.1'])
})

test('a bridge without a subnet that is understood has no gateway', () => {
  expect(gatewaysIn(JSON.stringify({ IPAM: { Config: null } }))).toEqual([])
  expect(gatewaysIn(network({}))).toEqual([''])
})
