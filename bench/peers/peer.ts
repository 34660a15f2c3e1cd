import type { ShopWorld } from '../../e2e/test/shop-world.ts'

/** A way in which people release on one machine, put under the same load and the same judge as every other. */
export interface Peer {
  readonly name: string
  /** Where its own documentation says how it is set up. */
  readonly documentation: string
  /** Why it cannot be tried here (`no Docker Engine`); undefined when it can. */
  readonly whyNot: () => Promise<string | undefined>
  /** Lets release 1 serve. Whatever it starts has `world.home` in its environment, so that what is left can be found. */
  readonly setUp: (world: ShopWorld) => Promise<PeerStage>
}

export interface PeerStage {
  /** Where the load goes, the same through all releases. */
  readonly webPort: number
  readonly apiPort: number
  /**
   * Releases `release` instead of the one that serves. Tells `asked` right before the first act that a client can notice, and
   * `acknowledged` once whoever releases may believe that the new release alone serves.
   */
  release(release: number, told: Told): Promise<void>
  /** Waits for what the releases left to be ended behind them. */
  settled(): Promise<unknown>
  close(): Promise<void>
}

export interface Told {
  readonly asked: () => void
  readonly acknowledged: () => void
}
