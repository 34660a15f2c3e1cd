import type { AppCopy, Rehearsal } from '../../rehearsal/rehearsal.ts'

const copies = new WeakMap<Rehearsal, Promise<AppCopy>>()

/** The copy with wires that the checks of this concern share, one after the other: who cuts something mends it. It ends with the verification. */
export function wiredCopy(rehearsal: Rehearsal, signal: AbortSignal): Promise<AppCopy> {
  const copy = copies.get(rehearsal) ?? rehearsal.raise({ wires: true }, signal)
  copies.set(rehearsal, copy)
  return copy
}
