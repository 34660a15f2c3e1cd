import type { DriverName } from '@plimsoll/model'
import type { LoadTarget } from '../load/load-target.ts'
import type { Victim } from './crash-case.ts'
import type { HomeShape } from './home-shape.ts'
import type { Witness } from './open-witness.ts'

/** One thing that runs for a home. */
export interface Running {
  /** What it is there for: `edge`, `api`, `database`, `cli`, `web r3`; what it is called, where it is none of these. */
  readonly role: string
  /** Where it listens, by a name each: an edge and its heir have the same. */
  readonly listens: readonly string[]
  /** Without any grace, as by a person's hand. Resolves when it has gone. */
  kill(): Promise<void>
}

/** How a program of the app's is checked when it is built, and run. */
export interface Program {
  readonly check: string
  readonly command: string
}

/** Where the app of a crash world lives, as whoever looks on from outside sees it. */
export interface WorldPlace {
  readonly name: DriverName
  /** By which address the app's programs reach this machine. */
  readonly host: string
  /** Added to the environment of its Plimsoll. */
  readonly environment: Readonly<Record<string, string>>
  /** The lines by which a service of the Blueprint is one of this place. */
  program(program: Program): string
  /** Whether it builds a static site without a package registry. */
  readonly hasSites: boolean
  /** What lies in the repository for it: path → text. */
  readonly files: Readonly<Record<string, string>>
  /** What runs of an app beside its units, by role. */
  readonly standing: readonly string[]
  /** How many times longer than those of processes its verbs take: who is to die in the middle of one dies later. */
  readonly pace: number
  running(home: string): Promise<Running[]>
  /** Everything of `home` that does not run. */
  shape(home: string): Promise<HomeShape>
  /** What is there of an app that was taken down with its data, and is removed now. */
  left(home: string): Promise<string[]>
  /** Absent where the machine cannot go down by itself. */
  readonly machine?: Machine
  /** Who is not hit there, because it is not there, or because what that costs is told by tests of the place's own. */
  readonly spared?: readonly Victim[]
  /** Absent where app and Plimsoll are in the network of this machine. */
  readonly elsewhere?: Elsewhere
}

/** Another network, in which Plimsoll and its app are, and the ways into it from here. */
export interface Elsewhere {
  /** Words that go before a command, for it to run there. */
  readonly enter: readonly string[]
  /** A port of this machine's loopback that leads to this `host:port` there. */
  reach(host: string): Promise<number>
  /** Where users meet the app. */
  readonly target: LoadTarget
  /** One that stands there. */
  openWitness(): Promise<Witness>
}

/** What dies with the power, and comes back by itself. */
export interface Machine {
  /** Ends everything that runs for `home` at once, and what it runs on; resolves when that is up again. */
  reboot(home: string): Promise<void>
  /** Kills what runs the units and no process of Plimsoll's. Absent where nothing does; `restart` resolves when it can be asked again. */
  readonly engine?: { kill(): Promise<void>; restart(): Promise<void> }
}
