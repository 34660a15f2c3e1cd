import type { Address, AppName, Instance, LogLine, Unit } from '@plimsoll/model'
import { EventEmitter } from 'node:events'
import type { ExecResult, RunnableUnit } from '../driver.ts'

/** What a place remembers, apart from the driver objects that look at it: share one between two fake drivers and both see the same. */
export interface FakePlace {
  /** By {@link keyOf}, as the others. */
  readonly units: Map<string, FakeUnit>
  /** Never forgotten. */
  readonly addresses: Map<string, readonly Address[]>
  /** Never forgotten. */
  readonly inner: Map<string, Address>
  /** Runs that are to happen once: the last one of each unit. */
  readonly runs: Map<string, { readonly name: string; readonly end: Promise<ExecResult> }>
  /** Commands that run, and what ends them from outside. */
  readonly commands: Set<{ readonly app: AppName; readonly unit: Unit; readonly stop: AbortController }>
  /** Kept after the unit is stopped. */
  readonly lines: Map<string, LogLine[]>
  /** Emits `line` when a unit printed one. */
  readonly events: EventEmitter<{ line: [] }>
  nextPort: number
  nextPid: number
}

export interface FakeUnit {
  readonly runnable: RunnableUnit
  instances: readonly FakeInstance[]
  /** How often somebody came to the inner address: who of the instances is next. */
  turn: number
}

export interface FakeInstance {
  readonly id: string
  readonly address: Address | undefined
  pid: number
  startedAt: number
  restarts: number
  ended?: { readonly at: number; readonly code: number | null; readonly signal: string | null } | undefined
  /** What its own check says, so many milliseconds after its start. */
  health?: ((ranMs: number) => Instance['health']) | undefined
}

export function fakePlace(): FakePlace {
  const events = new EventEmitter<{ line: [] }>()
  events.setMaxListeners(0)
  return { units: new Map(), addresses: new Map(), inner: new Map(), runs: new Map(), commands: new Set(), lines: new Map(), events, nextPort: 21_000, nextPid: 1_000 }
}

/** Service `c` of app `a-b` and service `b-c` of app `a` make units of the same name. */
export function keyOf(app: AppName, { name }: Unit): string {
  return `${app}/${name}`
}

export function unitsOf(place: FakePlace, app: AppName): readonly FakeUnit[] {
  return [...place.units.values()].filter((unit) => unit.runnable.app === app)
}

/** The instance that answers at `address`: its own, or its unit's inner one. */
export function answererAt(place: FakePlace, { port }: Address): string | undefined {
  for (const [key, unit] of place.units) {
    const living = unit.instances.filter(({ ended }) => ended === undefined)
    const next = place.inner.get(key)?.port === port ? living[unit.turn++ % living.length] : living.find(({ address }) => address?.port === port)
    if (next !== undefined) return next.id
  }
  return undefined
}
