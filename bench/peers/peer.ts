import type { PeerWorld } from './peer-world.ts'

/** A way in which people release on one machine, put under the same load and the same judge as every other. */
export interface Peer {
  readonly name: string
  /** Where its own documentation says how it is set up. */
  readonly documentation: string
  /** Why it cannot be tried here (`no Docker engine`); undefined when it can. */
  readonly whyNot: () => Promise<string | undefined>
  /** Lets a first release serve. Whatever it starts has `world.home` in its environment, so that what is left can be found; what has no environment is undone by `world.atLeave`. */
  readonly setUp: (world: PeerWorld) => Promise<PeerStage>
}

export interface PeerStage {
  /** Where the load goes, the same through all releases. */
  readonly webPort: number
  readonly apiPort: number
  /** The release that serves when the stage is set up. */
  readonly first: number
  /**
   * Releases `release` instead of the one that serves. Tells `asked` right before the first act that a client can notice, and
   * `acknowledged` once whoever releases may believe that the new release alone serves.
   */
  release(release: number, told: Told): Promise<void>
  /** Waits for what the releases left to be ended behind them. */
  settled(): Promise<unknown>
}

export interface Told {
  /** Now, or at a moment that was written down meanwhile, as the load's clock has it. */
  asked(at?: number): void
  acknowledged(at?: number): void
}
