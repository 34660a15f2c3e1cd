import { listens } from '@plimsoll/model'
import type { CopyUnit } from '../rehearsal/rehearsal.ts'

/**
 * In turns: those whom none of the rest reaches, again and again. Those that reach each other end together. Workers come last: nobody can ask them
 * whether they are up, and who is told to end before that has not set up anything that could listen to it.
 */
export function callersFirst(units: readonly CopyUnit[]): readonly (readonly CopyUnit[])[] {
  const turns: (readonly CopyUnit[])[] = []
  let rest = units.filter(({ spec }) => listens(spec.kind))
  while (rest.length > 0) {
    const unreached = rest.filter(({ spec }) => !rest.some((other) => other.spec.service !== spec.service && other.spec.reaches.includes(spec.service)))
    const turn = unreached.length > 0 ? unreached : rest
    turns.push(turn)
    rest = rest.filter((unit) => !turn.includes(unit))
  }
  return [...turns, units.filter(({ spec }) => spec.kind === 'worker')]
}
