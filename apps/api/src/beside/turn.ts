import type { Reached } from './who-is-reached.ts'

/** What a unit that looks now and then is to do about the home. */
export type Turn = 'take' | 'give' | 'stay'

/** In a row: while a share of the visitors meets another unit, one answer says little. */
const surelyReached = 3
/** After which a home that nobody has is taken by whoever runs: an address that cannot be reached from here tells nothing. */
const forsaken = 30

/**
 * Whose turn it is, told by who is reached at the address that people use: that one holds the home, whether a release has just put it there or somebody
 * went back to it. The other one gives the home away to nobody but a unit that stands by.
 */
export class TurnTaking {
  #seen: Reached['is'] | 'holder' | undefined
  #times = 0

  /** Told of each look, in order. Where no address is known, `undefined`: then whoever finds the home free takes it, and keeps it until its end. */
  next(reached: Reached | undefined, { holds }: { readonly holds: boolean }): Turn {
    if (reached === undefined) return holds ? 'stay' : 'take'
    const seen = reached.is === 'another' && reached.holds ? 'holder' : reached.is
    this.#times = seen === this.#seen ? this.#times + 1 : 1
    this.#seen = seen
    if (holds) return seen === 'another' && this.#times >= surelyReached ? 'give' : 'stay'
    if (seen === 'me') return this.#times >= surelyReached ? 'take' : 'stay'
    return seen === 'nobody' && this.#times >= forsaken ? 'take' : 'stay'
  }
}
