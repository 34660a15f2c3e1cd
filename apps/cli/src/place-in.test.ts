import { appNameSchema } from '@plimsoll/model'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { placeCalled, placedIn, sessionOf } from './place-in.ts'
import type { Session } from './session.ts'

const none = new PassThrough() as unknown as NodeJS.WriteStream
const session: Session = {
  environment: {}, directory: '/nowhere', input: new PassThrough() as unknown as NodeJS.ReadStream, out: none, err: none,
  server: (at) => ({ url: at ?? 'https://typed.example.com', token: 't' }), interrupted: new AbortController().signal, partWith: () => undefined, exitWith: () => undefined,
}
const place = { name: 'staging', driver: 'process', app: appNameSchema.parse('shop-staging'), server: undefined, domains: true, values: {} } as const

test('a driver is meant by its name without a configuration being read', async () => {
  expect(await placedIn(session, undefined, { file: 'render.yaml', on: 'docker' })).toEqual({ session, options: { file: 'render.yaml', on: 'docker' } })
  expect(await placedIn(session, undefined, { file: 'render.yaml', app: 'shop' })).toEqual({ session, options: { file: 'render.yaml', app: 'shop' } })
})

test('a place that names a Plimsoll is asked there, and any other where the command says', () => {
  expect(sessionOf(session, { ...place, server: 'https://place.example.com' }).server()?.url).toBe('https://place.example.com')
  expect(sessionOf(session, place).server()?.url).toBe('https://typed.example.com')
})

test('a place that is not there is told with those that are', () => {
  expect(placeCalled('staging', new Map([['staging', place]]))).toBe(place)
  expect(() => placeCalled('stagin', new Map([['staging', place]]))).toThrow(expect.objectContaining({ code: 'USAGE', hint: 'plimsoll.config.ts names staging.' }))
})
