import type { UnitSpec } from '@plimsoll/model'
import { findOperations } from '../openapi/find-operations.ts'
import type { AppCopy, Rehearsal } from '../rehearsal/rehearsal.ts'

const copies = new WeakMap<Rehearsal, Promise<AppCopy>>()

/**
 * A copy that may be sent anything, also what writes, and that nobody stops or cuts. In it runs what has an OpenAPI document, and what that reaches.
 * It ends with the verification.
 */
export function scratchCopy(rehearsal: Rehearsal, signal: AbortSignal): Promise<AppCopy> {
  const copy = copies.get(rehearsal) ?? raise(rehearsal, signal)
  copies.set(rehearsal, copy)
  return copy
}

async function raise(rehearsal: Rehearsal, signal: AbortSignal): Promise<AppCopy> {
  const { units } = await rehearsal.shared(signal)
  const documented = await Promise.all(units.map(async ({ spec, addresses: [address] }) => (address !== undefined && (await findOperations(address, signal)) !== undefined ? [spec] : [])))
  return rehearsal.raise({ start: reachedFrom(documented.flat(), rehearsal.specs) }, signal)
}

/** These services, and all that they reach, and so on. */
function reachedFrom(first: readonly UnitSpec[], specs: readonly UnitSpec[]): readonly string[] {
  const found = new Set<string>(first.map(({ service }) => service))
  // A set that grows while it is walked is walked to its end.
  for (const service of found) for (const reached of specs.find((each) => each.service === service)?.reaches ?? []) found.add(reached)
  return [...found]
}
