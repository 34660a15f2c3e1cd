import { expect, it } from 'vitest'
import { keyValueConfig, keyValueSettings } from './key-value-config.ts'

it('listens on the loopback only and asks for a password', () => {
  const text = keyValueConfig({ name: 'cache', instance: 'shop-cache-1', port: 21_001, password: 'abc' }, '/data of mine')
  expect(text).toContain('bind "127.0.0.1"\nport "21001"\nprotected-mode "yes"\nrequirepass "abc"\n')
  expect(text).toContain('dir "/data of mine/data"\n')
})

it.each([
  [undefined, 'yes', true],
  ['journal-snapshot', 'yes', true],
  ['snapshot', 'no', true],
  ['off', 'no', false],
])('keeps data for persistenceMode %s: journal %s, snapshots %s', (persistenceMode, journal, snapshots) => {
  const settings = new Map(keyValueSettings({ persistenceMode }))
  expect(settings.get('appendonly')).toBe(journal)
  expect(settings.get('save') !== '').toBe(snapshots)
})

it('evicts as Render does unless the Blueprint says otherwise', () => {
  expect(new Map(keyValueSettings({})).get('maxmemory-policy')).toBe('allkeys-lru')
  expect(new Map(keyValueSettings({ maxmemoryPolicy: 'noeviction' })).get('maxmemory-policy')).toBe('noeviction')
})

it('holds as much as its plan says', () => {
  expect(new Map(keyValueSettings({ plan: '5g' })).get('maxmemory')).toBe('5120mb')
  expect(new Map(keyValueSettings({ plan: 'standard' })).get('maxmemory')).toBe('256mb')
})
