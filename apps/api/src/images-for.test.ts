import { unitSpecs } from '@plimsoll/blueprint'
import type { ImageSet, Source } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { imagesFor } from './images-for.ts'
import { readBlueprint } from './wiring.ts'

const blueprint = `services:
  - { type: web, name: web, runtime: docker }
  - { type: worker, name: mailer, runtime: docker }
  - { type: pserv, name: search, runtime: image, image: { url: 'acme/search:1' } }
  - { type: keyvalue, name: cache, ipAllowList: [] }
`
const specs = unitSpecs(readBlueprint(blueprint, 'render.yaml'))
const source: Source = { root: '/shop', blueprint: 'render.yaml', commit: 'c'.repeat(40), dirty: false }
const inputs = `sha256:${'1'.repeat(64)}` as ImageSet['images'][string]['inputs']
const set = (services: readonly string[], commit: string | undefined = source.commit): ImageSet => ({ format: 1, app: 'shop', ...(commit !== undefined && { commit }), images: Object.fromEntries(services.map((name) => [name, { image: `acme/${name}:set`, inputs }])) })

test('a set gives every service that would be built its image, and one that is named goes before it', () => {
  expect(imagesFor({ specs, source, given: { imageSet: set(['web', 'mailer']), images: { web: 'acme/web:own', search: 'acme/search:2' } } })).toEqual({ web: 'acme/web:own', mailer: 'acme/mailer:set', search: 'acme/search:2' })
  expect(imagesFor({ specs, source, given: {} })).toBeUndefined()
})

test('images of services that are not there, or that run none, are refused by name', () => {
  expect(() => imagesFor({ specs, source, given: { images: { wbe: 'acme/web:1' } } })).toThrow('no service wbe')
  expect(() => imagesFor({ specs, source, given: { images: { cache: 'acme/web:1' } } })).toThrow('no service cache')
})

test('a set of another commit, or for a directory that has changed since, is refused', () => {
  const given = { imageSet: set(['web', 'mailer'], 'd'.repeat(40)) }
  expect(() => imagesFor({ specs, source, given })).toThrow('built from dddddddddddd, and /shop holds cccccccccccc')
  expect(() => imagesFor({ specs, source: { ...source, dirty: true }, given: { imageSet: set(['web', 'mailer']) } })).toThrow('with uncommitted changes')
  expect(imagesFor({ specs, source, given: { imageSet: { ...set(['web', 'mailer']), commit: undefined } as unknown as ImageSet } })).toMatchObject({ web: 'acme/web:set' })
})

test('a set that leaves out what would have to be built is refused', () => {
  expect(() => imagesFor({ specs, source, given: { imageSet: set(['web']) } })).toThrow('none of mailer')
})
