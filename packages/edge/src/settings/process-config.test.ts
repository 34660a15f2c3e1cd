import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { processConfig } from './process-config.ts'

test('an edge in a container is told all that it needs by its environment', () => {
  expect(processConfig({
    PLIMSOLL_EDGE_HOME: '/plimsoll', PLIMSOLL_EDGE_PORT: '8080', PLIMSOLL_EDGE_LISTEN: '0.0.0.0, ::', PLIMSOLL_EDGE_CONTROL: '[::]:4075', PLIMSOLL_EDGE_SETTINGS: '', OTHER: 'x',
  })).toEqual({ home: '/plimsoll', port: 8080, hosts: ['0.0.0.0', '::'], control: { host: '::', port: 4075 }, secrets: '/run/secrets', settings: undefined, haproxy: undefined })
})

test('every variable that cannot be used is named at once', () => {
  expect(() => processConfig({ PLIMSOLL_EDGE_LISTEN: 'everywhere', PLIMSOLL_EDGE_CONTROL: '4075', PLIMSOLL_EDGE_PORT: '0' })).toThrow(/PLIMSOLL_EDGE_PORT.*PLIMSOLL_EDGE_LISTEN.*PLIMSOLL_EDGE_CONTROL/)
})

test('every variable stands in docs/edge.md, and no other', async () => {
  const [source, page] = await Promise.all(['./process-config.ts', '../../../../docs/edge.md'].map(async (path) => readFile(new URL(path, import.meta.url), 'utf8')))
  const named = (text: string, pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].toSorted()
  expect(named(page ?? '', /^\| `(PLIMSOLL_EDGE_[A-Z]+)`/gm)).toEqual(named(source ?? '', /^ {2}(PLIMSOLL_EDGE_[A-Z]+): /gm))
})
