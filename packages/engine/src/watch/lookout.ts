import type { AppName, Look, ReleaseNumber, Tally, WatchedService } from '@plimsoll/model'
import { serviceNameSchema } from '@plimsoll/model'
import type { Clock } from '../clock.ts'
import type { Counters, Edge, UnitCounters } from '../edge.ts'
import type { Probe } from '../probe.ts'
import { Streaks } from './streaks.ts'
import { countersOf, nothing, tallyBetween } from './tally.ts'
import { UnitAsker } from './unit-asker.ts'
import { compareTallies, fewestRequests, type Ailment, type Finding } from './watch-rule.ts'
import type { WatchedUnit } from './watched-unit.ts'

/** One of the two releases that are compared. */
export interface Side {
  readonly release: ReleaseNumber
  readonly units: readonly WatchedUnit[]
}

export interface LookoutParts {
  readonly app: AppName
  /** The release that is new. */
  readonly subject: Side
  readonly other: Side
  /** service → how the other did before the switch; undefined when both serve now, and each is held against what the other does meanwhile. */
  readonly before: Readonly<Record<string, Tally>> | undefined
  /** Users' requests of this time back are counted, and more where those are too few; 15 s unless given. */
  readonly windowMs?: number
  readonly edge: Pick<Edge, 'counters'>
  readonly probe: Probe
  readonly clock: Clock
}

/** A service does worse than it did, and that is no chance. */
export interface Breach {
  readonly service: string
  readonly ailment: Ailment | 'silent' | 'restless'
  readonly finding: string
  /** Paths that showed it. */
  readonly paths: readonly string[]
  /** For `slow`: how slow. */
  readonly p95Ms: number | undefined
}

export interface Sight {
  readonly look: Look
  readonly breach: Breach | undefined
}

const usualWindowMs = 15_000
/** The window begins at one of so many readings. */
const readingsKept = 30
/** Seldom asked services are judged by more windows than the last, so many at most. */
const milestonesKept = 40
/** How often units are asked by the lookout itself. */
const askEveryMs = 1_000

interface Reading {
  readonly at: number
  readonly counters: Counters
}

/** Looks at a new release again and again: what users get from it, and, where they ask too little, what it answers to the lookout itself. */
export class Lookout {
  readonly #parts: LookoutParts
  readonly #askers: ReadonlyMap<string, UnitAsker>
  readonly #streaks = new Streaks()
  #readings: Reading[] = []
  /** One reading for each window that is over. */
  #milestones: Reading[] = []
  #askedAt = 0

  constructor(parts: LookoutParts) {
    this.#parts = parts
    this.#askers = new Map(parts.subject.units.map((unit) => [unit.service, new UnitAsker(parts.probe, unit)]))
  }

  /** One look. Throws `EDGE_DOWN`. */
  async look(signal: AbortSignal): Promise<Sight> {
    const { edge, app, clock, subject } = this.#parts
    this.#read(await edge.counters(app, signal), clock.now())
    const seen = subject.units.map((unit) => this.#see(unit))
    if (clock.now() - this.#askedAt >= askEveryMs) {
      this.#askedAt = clock.now()
      await Promise.all(seen.filter(({ kept }) => !kept).map(({ unit, finding }) => this.#askers.get(unit.service)?.ask({ pagesToo: finding.is === 'few' }, signal)))
    }
    const judged = seen.map((each) => this.#judge(each))
    return {
      look: { at: new Date(clock.now()).toISOString(), services: judged.map(({ service }) => service) },
      breach: judged.find(({ breach }) => breach !== undefined)?.breach,
    }
  }

  #read(counters: Counters, at: number): void {
    const { subject, other, before, windowMs = usualWindowMs } = this.#parts
    // What was counted of a release before the first look, it has done since it is live.
    const begun = before !== undefined && this.#readings.length === 0 && this.#milestones.length === 0
    const [oldest] = this.#readings
    const restarted = oldest !== undefined && subject.units.some(({ service }) => this.#between(subject.release, service, { earlier: oldest.counters, later: counters }) === undefined)
    if (restarted) this.#milestones = []
    const known = restarted ? [] : begun ? [{ at, counters: {} }] : this.#readings
    const isClose = at - (known.at(-2)?.at ?? -Infinity) < windowMs / readingsKept
    const past = (isClose ? known.slice(0, -1) : known).filter((_, i, all) => (all[i + 1]?.at ?? at) > at - windowMs)
    const wanted = [subject, other].flatMap(({ release, units }) => units.map(({ service }) => `${release}/${service}`))
    this.#readings = [...past, { at, counters: Object.fromEntries(Object.entries(counters).filter(([unit]) => wanted.includes(unit))) }]
    const [first] = this.#readings
    if (first !== undefined && first.at - (this.#milestones.at(-1)?.at ?? -Infinity) >= windowMs) this.#milestones = [...this.#milestones.slice(1 - milestonesKept), first]
  }

  #see(unit: WatchedUnit): Seen {
    const { subject, other, before } = this.#parts
    const kept = other.units.some((each) => each.service === unit.service && each.unit === unit.unit)
    const base = this.#baseFor(unit.service)
    const now = this.#since(base, subject.release, unit.service)
    const usual = before === undefined ? this.#since(base, other.release, unit.service) : (before[unit.service] ?? nothing)
    return { unit, kept, now, usual, finding: compareTallies(now, usual) }
  }

  #judge({ unit, kept, now, usual, finding }: Seen): { readonly service: WatchedService; readonly breach: Breach | undefined } {
    const asker = this.#askers.get(unit.service)
    const asked = asker?.asked ?? { asked: 0, askedBadly: 0 }
    const service = { service: serviceNameSchema.parse(unit.service), now, before: usual, ...asked }
    if (kept) return { service: { ...service, is: 'kept', finding: 'Runs on in the unit that the release before has' }, breach: undefined }
    const fault = asker?.fault
    if (fault !== undefined) {
      const paths = fault.path === undefined ? [] : [fault.path]
      return { service: { ...service, is: 'worse', finding: fault.text }, breach: { service: unit.service, ailment: 'silent', finding: fault.text, paths, p95Ms: undefined } }
    }
    const counters = this.#newest(unit.service)
    const badSoFar = (counters?.responses5xx ?? 0) + (counters?.upstreamFailures ?? 0)
    const ailment = this.#streaks.note(unit.service, { finding, badSoFar, at: this.#parts.clock.now() })
    const text = finding.is === 'few' ? `${finding.text}; asked ${asked.asked} times itself, ${asked.askedBadly} went badly` : finding.text
    return {
      service: { ...service, is: finding.is === 'few' ? 'quiet' : finding.is, finding: text },
      breach: ailment === undefined ? undefined : { service: unit.service, ailment, finding: finding.text, ...evidenceOf(ailment, now, counters) },
    }
  }

  /** Since `base`. */
  #since(base: Reading | undefined, release: ReleaseNumber, service: string): Tally {
    const newest = this.#readings.at(-1)
    if (base === undefined || newest === undefined) return nothing
    return this.#between(release, service, { earlier: base.counters, later: newest.counters }) ?? nothing
  }

  /** Where counting begins for a service: the usual time back, and further where that gives too few requests to judge by. */
  #baseFor(service: string): Reading | undefined {
    const bases = [...this.#milestones, ...this.#readings.slice(0, 1)].toReversed()
    return bases.find((base) => this.#since(base, this.#parts.subject.release, service).requests >= fewestRequests) ?? bases.at(-1)
  }

  #between(release: ReleaseNumber, service: string, { earlier, later }: { readonly earlier: Counters; readonly later: Counters }): Tally | undefined {
    return tallyBetween(countersOf(earlier, release, service), countersOf(later, release, service))
  }

  #newest(service: string): UnitCounters | undefined {
    const newest = this.#readings.at(-1)
    return newest && countersOf(newest.counters, this.#parts.subject.release, service)
  }
}

function evidenceOf(ailment: Ailment, now: Tally, counters: UnitCounters | undefined): Pick<Breach, 'paths' | 'p95Ms'> {
  return ailment === 'slow' ? { paths: [], p95Ms: now.p95Ms ?? undefined } : { paths: counters?.failedPaths ?? [], p95Ms: undefined }
}

interface Seen {
  readonly unit: WatchedUnit
  /** Both releases share it: to go back would change nothing. */
  readonly kept: boolean
  readonly now: Tally
  readonly usual: Tally
  readonly finding: Finding
}
