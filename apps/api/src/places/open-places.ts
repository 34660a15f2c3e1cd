import { allSettled } from '@plimsoll/engine'
import { PlimsollError } from '@plimsoll/model'
import type { Places } from '../services.ts'
import type { PlaceOffer } from './offer-place.ts'
import type { RunningPlace } from './running-place.ts'

/** The places that are offered, each made when it is first needed. What is done to all is done to those that were used, and one that fails keeps the others from nothing; its failure is thrown in the end. */
export function openPlaces(offers: readonly PlaceOffer[]): Places & Omit<RunningPlace, 'place'> {
  const used = async (): Promise<readonly PlaceOffer[]> => {
    const each = offers.map(async (offer) => ((await offer.wasUsed()) ? [offer] : []))
    return (await Promise.all(each)).flat()
  }
  const toUsed = async (act: (place: RunningPlace) => Promise<void>): Promise<void> => {
    await allSettled((await used()).map(async ({ open }) => act(await open())))
  }
  return {
    names: offers.map(({ name }) => name),
    async open(name) {
      const offer = offers.find((each) => each.name === name)
      if (offer === undefined) throw new PlimsollError('PLACE_CANNOT', `This Plimsoll runs nothing on ${name}`, { hint: `It has: ${offers.map((each) => each.name).join(', ')}` })
      return (await offer.open()).place
    },
    inUse: async () => Promise.all((await used()).map(async ({ name, open }) => ({ name, place: (await open()).place }))),
    supervise: (signal) => toUsed((place) => place.supervise(signal)),
    stopResources: (signal) => toUsed((place) => place.stopResources(signal)),
    async close() {
      await allSettled(offers.map(async ({ opened }) => (await opened())?.close()))
    },
  }
}
