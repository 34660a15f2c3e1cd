import type { EdgeContext } from '../release-context.ts'
import type { AnyStep } from '../step.ts'
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
