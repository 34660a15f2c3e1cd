import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { isPlimsollError, PlimsollError, toProblem } from '@plimsoll/model'
import { digestOf } from '../member/may-follow.ts'
import { snapshotSchema } from '../table/snapshot.ts'
import { snapshotOf, type Truth, truthIn } from '../table/truth.ts'
import type { FleetMember } from './fleet-member.ts'
import type { FleetRecord } from './fleet-record.ts'
import type { FleetRoster } from './fleet-roster.ts'
import { mergeTruths } from './merge-truths.ts'

export interface ControlParts {
  readonly roster: FleetRoster
  readonly record: FleetRecord
  /** How long a change waits for an edge that does not answer, from when it was heard last. */
  readonly waitMs: number
  /** Gives an edge whatever it needs before it can have the table. */
  readonly provide: (member: FleetMember) => Promise<void>
  readonly log: (line: string) => void
}

export interface Change {
  readonly to: (truth: Truth) => Truth
  /** Ports without which no edge may take it. */
  readonly mustOpen: readonly number[]
}

/** How long an edge may take over its part of a change while it answers otherwise: a new HAProxy has to start, and a slow disk to write. */
const changeMs = 10_000

/** How often a change is tried when another controller came between, or the edges stopped answering meanwhile. */
const tries = 8
/** Two that are in each other's way step back, each for another time, and longer and longer. */
const stepBackMs = 20

/** `overtaken`: an edge knows of something newer. */
type Pushed = 'made' | 'overtaken' | 'unanswered'

/** What all edges of a fleet are to serve, and the way of it to them: one change at a time. */
export class FleetControl {
  readonly #parts: ControlParts
  readonly #bringing = new Set<FleetMember>()
  #truth: Truth
  #digest: string
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: ControlParts, truth: Truth) {
    this.#parts = parts
    this.#truth = truth
    this.#digest = digestOf(truth)
  }

  get truth(): Truth {
    return this.#truth
  }

  get digest(): string {
    return this.#digest
  }

  /** Whether this edge serves by what all are to serve. */
  isCurrent(member: FleetMember): boolean {
    return member.follows(this.#digest)
  }

  /** The truth after every edge that answers was asked for what it knows. Throws `EDGE_DOWN` when none answers. */
  async read(): Promise<Truth> {
    const { roster } = this.#parts
    await Promise.all((roster.answering.length > 0 ? roster.answering : roster.listed).map(async (member) => roster.look(member)))
    await this.#learnAll()
    if (roster.answering.length === 0) throw noneAnswers(roster.listed)
    return this.#truth
  }

  /**
   * Makes the change on every edge that can be reached, or on none. Returns the names of those that could not, after they were waited for.
   * Throws what the change throws, `PORT_TAKEN` of an edge, and `EDGE_DOWN` when no edge answers.
   */
  async change(change: Change, signal: AbortSignal): Promise<FleetMember[]> {
    const digest = await this.#inTurn(async () => {
      await this.#parts.roster.list()
      for (let left = tries; ; left -= 1) {
        signal.throwIfAborted()
        const before = await this.read()
        const changed = change.to(before)
        const next = isDeepStrictEqual(snapshotOf(changed), snapshotOf(before)) ? before : { ...changed, generation: before.generation + 1 }
        const outcome = await this.#push(next, change.mustOpen)
        if (outcome === 'made') return this.#digest
        if (left > 1) {
          await delay(Math.random() * stepBackMs * 2 ** (tries - left), undefined, { signal })
          continue
        }
        if (outcome === 'unanswered') throw noneAnswers(this.#parts.roster.listed)
        throw new PlimsollError('FENCED_OFF', 'Another Plimsoll changes the same edges at the same time.', { hint: 'See who holds the app: plimsoll status' })
      }
    })
    return await this.#awaitRest(digest, signal)
  }

  /** What has to follow from the last look at an edge: it is given the table that it lacks, or has one that is newer. */
  onLook(member: FleetMember): void {
    if (!member.answers || this.isCurrent(member) || this.#bringing.has(member)) return
    this.#bringing.add(member)
    void this.#bring(member)
      .catch((error: unknown) => this.#parts.log(`the edge on ${member.name} did not take the table: ${toProblem(error).message}`))
      .finally(() => this.#bringing.delete(member))
  }

  /** Resolves when nothing is being changed any more. */
  async settled(): Promise<void> {
    await this.#turn
  }

  async #bring(member: FleetMember): Promise<void> {
    await this.#parts.provide(member)
    await this.#inTurn(async () => {
      await this.#learnFrom(member)
      if (this.isCurrent(member) || !member.answers) return
      await stage(member, this.#truth, [])
      await this.#commit(member)
    })
    this.#parts.roster.tell()
  }

  async #push(next: Truth, mustOpen: readonly number[]): Promise<Pushed> {
    const { roster, record } = this.#parts
    const members = roster.answering
    const stagings = await Promise.allSettled(members.map(async (member) => stage(member, next, mustOpen)))
    const refusal = stagings.map((each) => (each.status === 'rejected' ? each.reason as unknown : undefined)).find((error) => error !== undefined && !isDown(error))
    if (refusal !== undefined) {
      await Promise.allSettled(members.map(async (member) => member.ask({ method: 'POST', path: '/drop', body: { digest: digestOf(next) } })))
      if (isPlimsollError(refusal) && refusal.code === 'FENCED_OFF') return 'overtaken'
      throw refusal
    }
    const ready = members.filter((_, index) => stagings[index]?.status === 'fulfilled')
    if (ready.length === 0) return 'unanswered'
    // From here on it is going to be: whoever comes after a crash makes it so on all of them.
    await record.save(next)
    this.#truth = next
    this.#digest = digestOf(next)
    const commits = await Promise.allSettled(ready.map(async (member) => this.#commit(member)))
    return commits.every((each) => each.status === 'fulfilled' || isDown(each.reason)) ? 'made' : 'overtaken'
  }

  async #commit(member: FleetMember): Promise<void> {
    const digest = this.#digest
    await member.askLong({ method: 'POST', path: '/commit', body: { digest, waking: member.word?.waking } }, AbortSignal.timeout(changeMs))
    member.acknowledged(digest, this.#truth.generation)
  }

  /** Those that have not said that they serve by it when they were waited for. Edges that are not listed any more do not count. */
  async #awaitRest(digest: string, signal: AbortSignal): Promise<FleetMember[]> {
    const { roster, waitMs } = this.#parts
    const lacking = (): FleetMember[] => roster.listed.filter((member) => !member.follows(digest) && !this.isCurrent(member))
    const longest = Math.max(0, ...lacking().map((member) => waitMs - member.awayMs()))
    await roster.until(() => lacking().length === 0, longest, signal)
    return lacking()
  }

  async #learnAll(): Promise<void> {
    await Promise.all(this.#parts.roster.answering.map(async (member) => this.#learnFrom(member).catch((error: unknown) => {
      if (!isDown(error)) throw error
    })))
  }

  /** Takes up what an edge was told by another controller, or by this one before it died. */
  async #learnFrom(member: FleetMember): Promise<void> {
    if (member.word === undefined || member.word.digest === this.#digest) return
    const theirs = truthIn(snapshotSchema.parse(await member.ask({ method: 'GET', path: '/table' })))
    const merged = mergeTruths(this.#truth, theirs)
    const digest = digestOf(merged)
    if (digest === this.#digest) return
    this.#truth = merged
    this.#digest = digest
    await this.#parts.record.save(merged)
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#turn.then(work)
    // The next in turn does not care how this one ended; whoever asked for it is told.
    this.#turn = mine.catch(() => undefined)
    return await mine
  }
}

async function stage(member: FleetMember, truth: Truth, mustOpen: readonly number[]): Promise<void> {
  await member.askLong({ method: 'POST', path: '/stage', body: { table: snapshotOf(truth), mustOpen } }, AbortSignal.timeout(changeMs)).catch((error: unknown) => {
    if (!isPlimsollError(error) || isDown(error)) throw error
    const { code, message, hint, details } = error
    throw new PlimsollError(code, `${member.name}: ${message}`, { ...(hint !== undefined && { hint }), details: { ...details, edge: member.name }, cause: error })
  })
}

function isDown(error: unknown): boolean {
  return isPlimsollError(error) && error.code === 'EDGE_DOWN'
}

function noneAnswers(listed: readonly FleetMember[]): PlimsollError {
  if (listed.length === 0) return new PlimsollError('EDGE_DOWN', 'There is no edge: no node is to have one, or none was started.', { hint: 'See what runs: plimsoll status' })
  const names = listed.map(({ name }) => name).join(', ')
  return new PlimsollError('EDGE_DOWN', `None of the edges answers: ${names}.`, { hint: 'See whether their nodes are there: plimsoll status', details: { edges: names } })
}
