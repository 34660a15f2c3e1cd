import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { manualClock } from '@plimsoll/engine/fakes'
import { openPlace, type Place } from './place.ts'
import { openPortBook, type PortRange } from './ports.ts'

const clock = manualClock({ auto: true })
let place: Place
let server: Server
beforeEach(async () => {
  place = openPlace(await mkdtemp(join(tmpdir(), 'plimsoll-ports-')))
  server = createServer()
})
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(place.home, { recursive: true })
})

const book = (range: PortRange) => openPortBook({ place, clock, range })

it('gives more addresses to an owner that grows, and leaves the first ones as they were', async () => {
  const ports = book({ from: 21_000, to: 29_999 })
  const two = await ports.addresses('shop/web', 2)
  const three = await ports.addresses('shop/web', 3)
  expect(three.slice(0, 2)).toEqual(two)
  expect(await ports.addresses('shop/web', 2)).toEqual(two)
})

it('gives different ports to owners that ask at the same time', async () => {
  const range = { from: 21_000, to: 29_999 }
  const all = await Promise.all(Array.from({ length: 8 }, (_, index) => book(range).addresses(`shop/unit-${index}`, 1)))
  expect(new Set(all.flat().map(({ port }) => port)).size).toBe(8)
})

it.each(['127.0.0.1', '0.0.0.0'])('passes over a port that somebody listens on at %s, and says so when no other is left', async (host) => {
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const { port } = server.address() as AddressInfo
  await expect(book({ from: port, to: port }).addresses('shop/web', 1)).rejects.toMatchObject({ code: 'PORT_TAKEN' })
})

it('remembers the ports of a unit that runs when old claims are forgotten', async () => {
  await mkdir(join(place.home, 'units/shop/web'), { recursive: true })
  const ports = book({ from: 21_000, to: 29_999 })
  const kept = await ports.addresses('shop/web', 1)
  const inner = await ports.addresses('inner/shop/web', 1)
  await ports.addresses('shop/gone', 1_100)
  await ports.addresses('shop/new', 1)
  expect(await ports.addresses('shop/web', 1)).toEqual(kept)
  expect(await ports.addresses('inner/shop/web', 1)).toEqual(inner)
})

it('forgets the old ports of a unit that is gone, its inner one with them, and never those of a key-value service', async () => {
  const ports = book({ from: 21_000, to: 29_999 })
  const inner = await ports.addresses('inner/shop/gone', 1)
  const unit = await ports.addresses('shop/gone', 1)
  const cache = await ports.addresses('keyvalue/shop/cache', 1)
  await ports.addresses('shop/many', 1_100)
  await ports.addresses('shop/new', 1)
  expect(await ports.addresses('inner/shop/gone', 1)).not.toEqual(inner)
  expect(await ports.addresses('shop/gone', 1)).not.toEqual(unit)
  expect(await ports.addresses('keyvalue/shop/cache', 1)).toEqual(cache)
})
