import type { AppCopy, Rehearsal } from '../rehearsal/rehearsal.ts'

const copies = new WeakMap<Rehearsal, Promise<AppCopy>>()

/** A copy that may be sent anything, also what writes, and that nobody stops or cuts. It ends with the verification. */
export function scratchCopy(rehearsal: Rehearsal, signal: AbortSignal): Promise<AppCopy> {
  const copy = copies.get(rehearsal) ?? rehearsal.raise({}, signal)
  copies.set(rehearsal, copy)
  return copy
}
