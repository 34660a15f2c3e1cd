import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readPlaces } from './read-place.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

test('this repository’s own staging and production leave nothing of render.yaml open, and share no home and no port', async () => {
  const places = [...(await readPlaces({ root, blueprint: 'render.yaml', app: 'plimsoll', environment: { PATH: process.env['PATH'] ?? '' } }, new AbortController().signal)).values()]
  expect(places.map(({ app }) => app)).toEqual(['plimsoll-staging', 'plimsoll-production'])
  for (const { values } of places) expect(Object.keys(values).toSorted()).toEqual(['api/PLIMSOLL_EDGE_PORT', 'api/PLIMSOLL_ENTRY_PORTS', 'api/PLIMSOLL_HOME'])
  const all = places.flatMap(({ values }) => Object.values(values))
  expect(new Set(all).size).toBe(all.length)
})
