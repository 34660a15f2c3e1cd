import { copyName } from '@plimsoll/model'
import { readSchema } from '../database/schema.ts'
import { withClient } from '../database/with-client.ts'
import { copyData } from './copy-data.ts'
import { raiseCopy } from './raise-copy.ts'
import type { RehearsalParts } from './rehearsal-parts.ts'
import type { AppCopy, CopyWish, Rehearsal } from './rehearsal.ts'

export interface OpenRehearsal extends Rehearsal {
  /** Takes every copy down that is still there, and drops every database. Twice is once. */
  close(): Promise<void>
}

/** Nothing is raised before it is asked for. */
export function openRehearsal(parts: RehearsalParts): OpenRehearsal {
  const { app, source, candidate, live, paused, signIn, environments, secrets, seed, evidence, browser } = parts
  const data = copyData(parts)
  const standing = new Set<Promise<AppCopy>>()
  let raised = 0
  let shared: Promise<AppCopy> | undefined
  const raise = async (wish: CopyWish, signal: AbortSignal): Promise<AppCopy> => {
    const number = raised
    raised += 1
    await parts.noteCopies(raised)
    return raiseCopy(parts, { app: copyName(parts.id, number), wish, data }, signal)
  }
  const kept = (copy: Promise<AppCopy>): Promise<AppCopy> => {
    standing.add(copy)
    return copy
  }
  return {
    app, source, live, ...(paused && { paused }), ...(signIn && { signIn }), environments, secrets, seed, evidence, browser,
    blueprint: candidate.blueprint, specs: candidate.specs, artifacts: candidate.artifacts,
    shared: (signal) => (shared ??= kept(raise({}, signal))),
    raise: (wish, signal) => kept(raise(wish, signal)),
    async liveSchemas(signal) {
      const addresses = Object.entries(await parts.liveDatabases(signal))
      return Object.fromEntries(await Promise.all(addresses.map(async ([name, address]) => [name, await withClient(address, readSchema, { readOnly: true }, signal)] as const)))
    },
    async close() {
      const ends = await Promise.allSettled([...standing].map(async (copy) => copy.then((up) => up.remove(), () => undefined)))
      await parts.copies?.dropAll(parts.id, new AbortController().signal)
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    },
  }
}
