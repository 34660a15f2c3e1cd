import type { EdgeContext } from '../release-context.ts'
import type { Platform } from '../in-place/platform.ts'
import type { AnyStep } from '../step.ts'
import type { FaultTime } from './faults.ts'
import { memoryJournal, type MemoryJournal } from './memory-journal.ts'

/** The steps, of which the one with this name fails after it did its work. */
export function failingAfter(steps: readonly AnyStep<EdgeContext>[], name: string): readonly AnyStep<EdgeContext>[] {
  return steps.map((step) => (step.name !== name ? step : {
    ...step, ends: () => false,
    run: async (context: EdgeContext, state: object) => { await step.run(context, state); throw new Error('and then it broke') },
  }))
}

/** A journal whose writer dies right before it writes its n-th entry, and what a later writer finds. */
export function dyingBefore(entry: number): { readonly journal: MemoryJournal; readonly dying: MemoryJournal } {
  const journal = memoryJournal()
  const append: MemoryJournal['append'] = async (seq, written) => {
    if (seq === entry) throw new Error('power cut')
    await journal.append(seq, written)
  }
  return { journal, dying: { ...journal, append } }
}

const platformVerbs = ['survey', 'apply', 'stands', 'deploysAfter', 'begin', 'follow', 'cancel', 'rollBack', 'holdAutoDeploy'] as const

/** Whoever makes the n-th call of a platform dies with it: before anything has happened, or when all has. `died` tells whether it came so far. */
export function dyingAtCall(platform: Platform, { call, when }: { readonly call: number; readonly when: FaultTime }): { readonly journal: MemoryJournal; readonly dying: MemoryJournal; readonly through: Platform; readonly died: () => boolean } {
  let calls = 0
  const live = (): void => {
    if (calls >= call) throw new Error('power cut')
  }
  const around = async (go: () => Promise<unknown>): Promise<unknown> => {
    live()
    calls += 1
    if (calls < call) return go()
    if (when === 'after') await go()
    throw new Error('power cut')
  }
  const members = platform as unknown as Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>
  const through = { ...platform, ...Object.fromEntries(platformVerbs.map((verb) => [verb, (...args: readonly unknown[]) => around(async () => members[verb]?.(...args))])) }
  const journal = memoryJournal()
  const append: MemoryJournal['append'] = async (seq, written) => {
    live()
    await journal.append(seq, written)
  }
  return { journal, dying: { ...journal, append }, through, died: () => calls >= call }
}
