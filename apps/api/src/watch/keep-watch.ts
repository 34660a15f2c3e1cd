import { lookAtWorkers, Lookout, restlessBefore, usualTallies, watchedUnits, whyNoHelp, type Breach, type Side, type Sight } from '@plimsoll/engine'
import { isPlimsollError, PlimsollError, type Instance, type Look, type Problem, type Release, type ReleaseTraffic, type Traffic, type Watch } from '@plimsoll/model'
import { passing } from '../passing-problems.ts'
import { recallRelease } from '../recall-release.ts'
import type { ReleaseRunner } from '../release-runner.ts'
import { placed, type Services } from '../services.ts'
import { goBackFrom } from './go-back-from.ts'
import { attentionProblem, givenUpProblem, rolledBackProblem } from './watch-problems.ts'

/** How often it is looked. */
const everyMs = 500
/** How often the place is asked what runs: that costs more than the edge's counters, and an instance that fell over is away for seconds. */
const observeEveryMs = 2_000
/** How often what was seen is written down, for whoever asks. */
const writeEveryMs = 2_000
/** How soon the release before is asked again whether it would do better. */
const askAgainMs = 5_000
/** A watch that nobody kept for a while looks for at least this long. */
const shortestMs = 10_000

export interface WatchScope {
  readonly services: Services
  readonly runner: ReleaseRunner
  readonly release: Release
  readonly watch: Watch
}

/**
 * Keeps the watch of one release to its end, which it writes down; goes back by itself when a service does worse than it did
 * before, and going back would help. Where what it needs is away, it waits. Rejects with the signal's reason.
 */
export async function keepWatch(scope: WatchScope, signal: AbortSignal): Promise<void> {
  await new Watching(scope).toItsEnd(signal)
}

class Watching {
  readonly #scope: WatchScope
  readonly #endsAt: number
  #watch: Watch
  #lookout: Lookout | undefined
  #sides: { readonly subject: Side; readonly other: Side } | undefined
  #restlessBefore: readonly string[] = []
  #observed: { readonly at: number; readonly instances: readonly Instance[] } | undefined
  #attention: string | undefined
  /** What the release before was found to be when it was asked last. */
  #asked: { readonly at: number; readonly why: string | undefined } | undefined
  #writtenAt = -Infinity

  constructor(scope: WatchScope) {
    const now = scope.services.clock.now()
    this.#scope = scope
    this.#endsAt = Math.max(Date.parse(scope.watch.endsAt ?? ''), now + Math.min(shortestMs, scope.watch.forMs))
    this.#watch = { ...scope.watch, endsAt: new Date(this.#endsAt).toISOString() }
  }

  async toItsEnd(signal: AbortSignal): Promise<void> {
    const { services } = this.#scope
    for (;;) {
      const over = await this.#lookOnce(signal).catch((error: unknown) => this.#waitFor(error, signal))
      if (over === 'over') return
      await services.clock.sleep(everyMs, signal)
    }
  }

  async #lookOnce(signal: AbortSignal): Promise<'over' | undefined> {
    const { services, runner, release } = this.#scope
    const { app, number } = release
    if (this.#watch.state === 'going-back') return this.#goBack(signal)
    const underWay = runner.underWay(app)
    if (underWay !== undefined) return this.#pause(`Release ${underWay.number} is under way; the watch goes on if this one is live after it`)
    const traffic = await services.edge.live(app, signal)
    if (traffic?.live.release !== number) return this.#yield(traffic)
    const { look, breach } = await this.#see(traffic, signal)
    this.#watch = { ...this.#watch, look }
    const why = breach === undefined ? undefined : await this.#whyStay(breach, traffic, signal)
    if (breach !== undefined && why === undefined) {
      this.#watch = { ...this.#watch, state: 'going-back', problem: rolledBackProblem(release, this.#watch, breach) }
      return (await this.#note()) ? this.#goBack(signal) : 'over'
    }
    this.#attention = why ?? asBadIn(look)
    this.#watch = { ...this.#watch, look: { ...look, ...(this.#attention !== undefined && { note: `It stays: ${this.#attention}` }) } }
    if (services.clock.now() >= this.#endsAt) {
      await this.#finish()
      return 'over'
    }
    return this.#write()
  }

  /** What users get, and whether what they do not reach stays up. */
  async #see(traffic: Traffic, signal: AbortSignal): Promise<Sight> {
    const { services: { clock }, release: { number } } = this.#scope
    const { look, breach } = await (await this.#lookoutOn(traffic, signal)).look(signal)
    const asked = Object.keys(traffic.live.targets)
    const workers = lookAtWorkers({ release: number, asked, restlessBefore: this.#restlessBefore }, await this.#instances(signal), clock.now())
    return { look: { ...look, services: [...look.services, ...workers.services] }, breach: breach ?? workers.breach }
  }

  async #instances(signal: AbortSignal): Promise<readonly Instance[]> {
    const { services, release: { app } } = this.#scope
    const now = services.clock.now()
    if (this.#observed === undefined || now - this.#observed.at >= observeEveryMs) {
      this.#observed = { at: now, instances: await (await placed(services, app)).driver.observe(app, signal) }
    }
    return this.#observed.instances
  }

  /** Compares with how the release before did until the switch: worked out once and kept, for a restart of the edge forgets it. */
  async #lookoutOn(traffic: Traffic, signal: AbortSignal): Promise<Lookout> {
    if (this.#lookout !== undefined) return this.#lookout
    const { services: { store, edge, probe, clock }, release: { app, number } } = this.#scope
    const previous = traffic.previous.find(({ release }) => release === this.#watch.previous)
    const past = await store.journalOf(app, number, 0).read()
    const before = this.#watch.before ?? (previous === undefined ? {} : usualTallies(past, previous, await edge.counters(app, signal)))
    this.#restlessBefore = restlessBefore(past)
    const [subject, other] = await Promise.all([this.#sideOf(traffic.live), previous === undefined ? undefined : this.#sideOf(previous)])
    this.#sides = { subject, other: other ?? { release: this.#watch.previous ?? number, units: [] } }
    this.#watch = { ...this.#watch, before }
    this.#lookout = new Lookout({ app, ...this.#sides, before, edge, probe, clock })
    return this.#lookout
  }

  async #sideOf(traffic: ReleaseTraffic): Promise<Side> {
    const { services: { store }, release: { app } } = this.#scope
    const kept = await recallRelease(store, { app, release: traffic.release })
    return { release: traffic.release, units: watchedUnits(traffic, kept) }
  }

  /** Why the release stays although it is worse; undefined when it is to go back. */
  async #whyStay(breach: Breach, traffic: Traffic, signal: AbortSignal): Promise<string | undefined> {
    const { services: { clock, probe } } = this.#scope
    const { previous } = this.#watch
    const named = `${breach.service}: ${breach.finding}`
    if (this.#scope.release.paused) return `${named}; but its schema change cannot overlap, so release ${previous} cannot run on what it left`
    if (this.#sides === undefined || !traffic.previous.some(({ release }) => release === previous)) return `${named}; but release ${previous} is no longer warm`
    if (this.#asked === undefined || clock.now() - this.#asked.at >= askAgainMs) {
      this.#asked = { at: clock.now(), why: await whyNoHelp(probe, { breach, ...this.#sides }, signal) }
    }
    return this.#asked.why === undefined ? undefined : `${named}; but ${this.#asked.why}`
  }

  /** Completes what is written down. When it cannot be done in this moment, it is looked again. */
  async #goBack(signal: AbortSignal): Promise<'over' | undefined> {
    if ((await goBackFrom({ ...this.#scope, watch: this.#watch }, signal)) === 'done') return 'over'
    const { problem: _, ...watch } = this.#watch
    this.#watch = { ...watch, state: 'watching' }
    return undefined
  }

  /** A newer release is no failure of this one; that somebody went back, or took it down, is. */
  async #yield(traffic: Traffic | undefined): Promise<'over'> {
    const { release } = this.#scope
    const note = traffic === undefined ? `${release.app} was taken down` : `release ${traffic.live.release} is live`
    await this.#end('ended', { note, ...((traffic?.live.release ?? 0) < release.number && { problem: givenUpProblem(release, note) }) })
    return 'over'
  }

  async #finish(): Promise<void> {
    const attention = this.#attention
    if (attention === undefined) await this.#end('passed', {})
    else await this.#end('needs-attention', { problem: attentionProblem(this.#scope.release, attention, this.#watch.look) })
  }

  async #end(state: Watch['state'], { note, problem }: { readonly note?: string; readonly problem?: Problem }): Promise<void> {
    const { look } = this.#watch
    this.#watch = { ...this.#watch, state, ...(problem !== undefined && { problem }), ...(note !== undefined && { look: { at: this.#now(), services: look?.services ?? [], note } }) }
    await this.#note()
  }

  async #pause(note: string): Promise<'over' | undefined> {
    this.#watch = { ...this.#watch, look: { at: this.#now(), services: this.#watch.look?.services ?? [], note } }
    return this.#write()
  }

  /** Over when nobody knows of this watch any more: it was ended from outside. */
  async #write(): Promise<'over' | undefined> {
    const now = this.#scope.services.clock.now()
    if (now - this.#writtenAt < writeEveryMs) return undefined
    this.#writtenAt = now
    return (await this.#note()) ? undefined : 'over'
  }

  #note(): Promise<boolean> {
    const { services: { store, secrets }, release: { app, number } } = this.#scope
    return store.releases.noteWatch({ app, number }, { watch: secrets.redactAll(this.#watch) })
  }

  #now(): string {
    return new Date(this.#scope.services.clock.now()).toISOString()
  }

  /** The edge, the database or the engine is started again by others; everything else is a bug, and ends the watch with a word. */
  #waitFor(error: unknown, signal: AbortSignal): undefined {
    signal.throwIfAborted()
    if (isPlimsollError(error) && passing.has(error.code)) return undefined
    throw error instanceof Error ? error : new PlimsollError('BUG', String(error))
  }
}

/** What is bad and was no better before. */
function asBadIn({ services }: Look): string | undefined {
  const bad = services.filter(({ is }) => is === 'as-bad')
  return bad.length === 0 ? undefined : `${bad.map(({ service, finding }) => `${service}: ${finding}`).join('; ')}; the release before did no better`
}
