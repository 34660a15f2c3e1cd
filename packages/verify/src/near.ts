import type { Address } from '@plimsoll/model'

/** Where this machine reaches an address of the place: for places whose addresses mean something only inside of them. */
export type Near = (address: Address) => Promise<Address>

/** Elsewhere an address is an address. */
export const itself: Near = async (address) => address
