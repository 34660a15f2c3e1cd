import { expect, test } from 'vitest'
import type { Place } from '../services.ts'
import { offerPlace } from './offer-place.ts'
import { openPlaces } from './open-places.ts'

const never = new AbortController().signal

function stage({ wasUsed, failing }: { wasUsed: boolean; failing?: Error }) {
  const did: string[] = []
  const offer = (name: 'process' | 'docker', was: boolean) => offerPlace({
    name, wasUsed: async () => was,
    make: async () => {
      did.push(`make ${name}`)
      return {
        place: { name } as unknown as Place,
        supervise: async () => {
          did.push(`supervise ${name}`)
          if (name === 'process' && failing !== undefined) throw failing
        },
        stopResources: async () => void did.push(`stop ${name}`),
        close: async () => void did.push(`close ${name}`),
      }
    },
  })
  return { did, places: openPlaces([offer('process', true), offer('docker', wasUsed)]) }
}

test('a place that nobody uses is not made', async () => {
  const { did, places } = stage({ wasUsed: false })
  await places.supervise(never)
  await places.stopResources(never)
  await places.close()
  expect(did).toEqual(['make process', 'supervise process', 'stop process', 'close process'])
})

test('a place is made once, when it is first opened, and belongs to those in use from then on', async () => {
  const { did, places } = stage({ wasUsed: false })
  const opened = await Promise.all([places.open('docker'), places.open('docker')])
  expect(opened[0]).toBe(opened[1])
  expect((await places.inUse()).map(({ name }) => name)).toEqual(['process', 'docker'])
  expect(did.filter((each) => each === 'make docker')).toHaveLength(1)
})

test('a place that fails keeps the others from nothing, and its failure is told', async () => {
  const { did, places } = stage({ wasUsed: true, failing: new Error('no disk') })
  await expect(places.supervise(never)).rejects.toThrow('no disk')
  expect(did).toContain('supervise docker')
})

test('a place that could not be made is made the next time', async () => {
  let tries = 0
  const flaky = offerPlace({ name: 'docker', wasUsed: async () => false, make: async () => { throw new Error(`try ${++tries}`) } })
  const places = openPlaces([flaky])
  await expect(places.open('docker')).rejects.toThrow('try 1')
  await expect(places.open('docker')).rejects.toThrow('try 2')
})

test('a place that is not offered is refused, and those that are there are named', async () => {
  await expect(stage({ wasUsed: true }).places.open('render')).rejects.toMatchObject({ code: 'PLACE_CANNOT', hint: 'It has: process, docker' })
})
