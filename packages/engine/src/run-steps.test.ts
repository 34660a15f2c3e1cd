import { isPlimsollError, PlimsollError, type JournalEntry } from '@plimsoll/model'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { manualClock, memoryJournal } from './fakes/fakes.ts'
import { runSteps } from './run-steps.ts'
import type { AnyStep } from './step.ts'

interface World {
  live: string
  readonly running: Set<string>
  readonly log: string[]
}

const nothing = z.object({})

const start: AnyStep<World> = {
  name: 'start', title: 'Start', gives: z.object({ candidate: z.string() }),
  async run(world) { world.log.push('start'); world.running.add('green'); return { candidate: 'green' } },
  async undo(world) { world.log.push('stop'); world.running.delete('green') },
}
const shift: AnyStep<World> = {
  name: 'shift', title: 'Shift', gives: nothing,
  async run(world, state) { world.log.push('shift'); world.live = state.candidate; return {} },
  async undo(world) { world.log.push('unshift'); world.live = 'blue' },
}
const retire: AnyStep<World> = {
  name: 'retire', title: 'Retire', gives: nothing, pointOfNoReturn: true,
  async run(world) { world.log.push('retire'); world.running.delete('blue'); return {} },
}
const failing = (name: string): AnyStep<World> => ({ name, title: name, gives: nothing, run: () => Promise.reject(new Error(`${name} broke`)) })

const newWorld = (): World => ({ live: 'blue', running: new Set(['blue']), log: [] })
const never = new AbortController().signal

function run(steps: readonly AnyStep<World>[], world: World, options: { journal?: ReturnType<typeof memoryJournal>; interrupted?: AbortSignal; lost?: AbortSignal } = {}) {
  return runSteps({
    steps, journal: options.journal ?? memoryJournal(), clock: manualClock(),
    interrupted: options.interrupted ?? never, lost: options.lost ?? never, context: () => world,
  })
}

test('moves traffic and retires the previous release when every step succeeds', async () => {
  const world = newWorld()
  expect(await run([start, shift, retire], world)).toEqual({ is: 'completed' })
  expect([world.live, [...world.running]]).toEqual(['green', ['green']])
})

test('leaves the previous release live when a later step fails, undoing last first', async () => {
  const world = newWorld()
  const outcome = await run([start, shift, failing('watch')], world)
  expect(outcome).toMatchObject({ is: 'undone', at: 'watch', problem: { message: 'watch broke' } })
  expect(world.log).toEqual(['start', 'shift', 'unshift', 'stop'])
  expect(world.live).toBe('blue')
})

test.each(['done', 'undone'] as const)('a journal that cannot be written to when a step is %s is thrown and is no failure: the next call takes that step up again', async (is) => {
  const world = newWorld()
  const kept = memoryJournal()
  let isAway = true
  const journal = { ...kept, async append(seq: number, entry: JournalEntry) {
    if (isAway && entry.is === is && entry.step === 'shift') throw new PlimsollError('DATABASE_DOWN', 'it is away')
    await kept.append(seq, entry)
  } }
  const steps = is === 'done' ? [start, shift, retire] : [start, shift, failing('watch')]
  await expect(run(steps, world, { journal })).rejects.toMatchObject({ code: 'DATABASE_DOWN' })
  isAway = false
  expect((await run(steps, world, { journal })).is).toBe(is === 'done' ? 'completed' : 'undone')
  expect(world.log).toEqual(is === 'done' ? ['start', 'shift', 'shift', 'retire'] : ['start', 'shift', 'unshift', 'unshift', 'stop'])
  expect(kept.entries.filter((entry) => entry.is === 'failed' || entry.is === 'undo-failed').map(({ step }) => step)).toEqual(is === 'done' ? [] : ['watch'])
})

test('undoes the failing step too, since it may have half happened', async () => {
  const world = newWorld()
  const half: AnyStep<World> = { ...shift, async run(w) { w.live = 'green'; throw new Error('edge timed out') } }
  expect((await run([start, half], world)).is).toBe('undone')
  expect(world.live).toBe('blue')
})

test('resumes where the journal ends, without running finished steps again', async () => {
  const world = newWorld()
  const past: JournalEntry[] = [
    { is: 'started', step: 'start', at: '2026-01-01T00:00:00.000Z' },
    { is: 'done', step: 'start', at: '2026-01-01T00:00:00.000Z', gives: { candidate: 'green' } },
    { is: 'started', step: 'shift', at: '2026-01-01T00:00:00.000Z' },
  ]
  expect(await run([start, shift, retire], world, { journal: memoryJournal({ entries: past }) })).toEqual({ is: 'completed' })
  expect(world.log).toEqual(['shift', 'retire'])
  expect(world.live).toBe('green')
})

test('finishes an undo that was interrupted, when it is called again', async () => {
  const world = newWorld()
  const journal = memoryJournal()
  let unreachable = true
  const flaky: AnyStep<World> = { ...shift, async undo(w) { if (unreachable) throw new Error('edge unreachable'); w.live = 'blue' } }
  const steps = [start, flaky, failing('watch')]
  expect((await run(steps, world, { journal })).is).toBe('stuck')
  unreachable = false
  expect((await run(steps, world, { journal })).is).toBe('undone')
  expect([world.live, [...world.running]]).toEqual(['blue', ['blue']])
})

test('goes on, never back, once the point of no return has begun', async () => {
  const world = newWorld()
  const journal = memoryJournal()
  const half: AnyStep<World> = { ...retire, async run(w) { w.running.delete('blue'); throw new Error('daemon gone') } }
  expect((await run([start, shift, half], world, { journal })).is).toBe('stuck')
  expect(world.live).toBe('green')
  expect((await run([start, shift, retire], world, { journal })).is).toBe('completed')
})

test('refuses to resume a release whose steps have been renamed', async () => {
  const journal = memoryJournal()
  const stuck: AnyStep<World> = { ...failing('watch'), undo: () => Promise.reject(new Error('edge unreachable')) }
  await run([start, shift, stuck], newWorld(), { journal })
  const error: unknown = await run([{ ...start, name: 'boot' }, shift, stuck], newWorld(), { journal }).catch((thrown: unknown) => thrown)
  expect(isPlimsollError(error) && error.code).toBe('PIPELINE_CHANGED')
})

test('undoes everything and says so when a person interrupts', async () => {
  const world = newWorld()
  const person = new AbortController()
  const waiting: AnyStep<World> = { name: 'wait', title: 'Wait', gives: nothing, run: () => { person.abort(new Error('Ctrl-C')); return Promise.reject(new Error('aborted')) } }
  const outcome = await run([start, waiting], world, { interrupted: person.signal })
  expect(outcome).toMatchObject({ is: 'undone', problem: { code: 'INTERRUPTED' } })
  expect([...world.running]).toEqual(['blue'])
})

test('undoes everything with the reason, when that is not a person but a full disk', async () => {
  const world = newWorld()
  const full = new AbortController()
  const filling: AnyStep<World> = { name: 'fill', title: 'Fill', gives: nothing, run: () => { full.abort(new PlimsollError('DISK_FULL', 'full')); return Promise.reject(new Error('aborted')) } }
  expect(await run([start, filling], world, { interrupted: full.signal })).toMatchObject({ is: 'undone', problem: { code: 'DISK_FULL', message: 'full' } })
  expect([...world.running]).toEqual(['blue'])
})

test('does not hear an interruption after the point of no return', async () => {
  const world = newWorld()
  const person = new AbortController()
  const last: AnyStep<World> = { ...retire, name: 'last' }
  const closing: AnyStep<World> = { ...retire, async run() { person.abort(); return {} } }
  expect((await run([start, shift, closing, last], world, { interrupted: person.signal })).is).toBe('completed')
})

test('stops without a word in the journal when its lease is lost', async () => {
  const lease = new AbortController()
  const journal = memoryJournal()
  const losing: AnyStep<World> = { name: 'lose', title: 'Lose', gives: nothing, run: async () => { lease.abort(); return {} } }
  const error: unknown = await run([losing, shift], newWorld(), { journal, lost: lease.signal }).catch((thrown: unknown) => thrown)
  expect(isPlimsollError(error) && error.code).toBe('FENCED_OFF')
  expect(journal.entries.map(({ is }) => is)).toEqual(['started'])
})

test('ends as unchanged when a step finds that nothing is left to do, also when it is asked again', async () => {
  const world = newWorld()
  const journal = memoryJournal()
  const compare: AnyStep<World> = { name: 'compare', title: 'Compare', gives: z.object({ changed: z.number() }), ends: ({ changed }) => changed === 0, run: async () => ({ changed: 0 }) }
  expect(await run([compare, shift], world, { journal })).toEqual({ is: 'unchanged', at: 'compare' })
  expect(await run([compare, shift], world, { journal })).toEqual({ is: 'unchanged', at: 'compare' })
  expect(world.live).toBe('blue')
})

test('fails a step that gives what its schema does not allow', async () => {
  const wrong: AnyStep<World> = { name: 'wrong', title: 'Wrong', gives: z.object({ count: z.number() }), run: async () => ({ count: 'three' }) }
  expect((await run([wrong], newWorld())).is).toBe('undone')
})
