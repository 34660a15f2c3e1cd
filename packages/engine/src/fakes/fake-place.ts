import type { Address, AppName, LogLine, UnitName } from '@plimsoll/model'
import { EventEmitter } from 'node:events'
import type { RunnableUnit } from '../driver.ts'

/** What a place remembers, apart from the driver objects that look at it: share one between two fake drivers and both see the same. */
export interface FakePlace {
  /** By unit name. */
  readonly units: Map<UnitName, FakeUnit>
  /** By unit name; never forgotten. */
  readonly addresses: Map<UnitName, readonly Address[]>
  /** By unit name; kept after the unit is stopped. */
  readonly lines: Map<UnitName, LogLine[]>
  /** Emits `line` with the unit's name. */
  readonly events: EventEmitter<{ line: [UnitName] }>
  nextPort: number
  nextPid: number
}

export interface FakeUnit {
  readonly runnable: RunnableUnit
  instances: readonly FakeInstance[]
}

export interface FakeInstance {
  readonly id: string
  readonly address: Address | undefined
  pid: number
  startedAt: number
  restarts: number
  ended?: { readonly at: number; readonly code: number | null; readonly signal: string | null } | undefined
}

export function fakePlace(): FakePlace {
  const events = new EventEmitter<{ line: [UnitName] }>()
  events.setMaxListeners(0)
  return { units: new Map(), addresses: new Map(), lines: new Map(), events, nextPort: 21_000, nextPid: 1_000 }
}

export function unitsOf(place: FakePlace, app: AppName): readonly FakeUnit[] {
  return [...place.units.values()].filter((unit) => unit.runnable.app === app)
}
