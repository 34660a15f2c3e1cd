import type { Release } from '@plimsoll/model'
import type { CommandEnd } from '../plimsoll/plimsoll-home.ts'

/** A command that ends with one of these has lost sight of the release, or was told to, and says nothing about how that ends. */
const claimNothing: readonly (string | undefined)[] = ['API_UNREACHABLE', 'DATABASE_DOWN', 'DISK_FULL', 'FENCED_OFF', 'STILL_BUSY']

/** Where a command told something else about its release than the store, once all is at rest. A command that was killed told nothing. */
export function untruths(end: Pick<CommandEnd, 'code' | 'events' | 'release' | 'problem'>, stored: Release | undefined): string[] {
  if (end.code === null) return []
  const is = stored?.outcome?.is ?? 'never began'
  const told = end.release?.outcome?.is
  const went = is === 'completed' || is === 'unchanged'
  // Said when it was live; that it went back later was for the watch to tell.
  const wasSo = told === 'completed' && is === 'rolled-back'
  return [
    ...(told === undefined || told === is || wasSo ? [] : [`the command told that release ${end.release?.number ?? 0} was ${told}, and the store says ${is}`]),
    ...(end.code === 0 && !went ? [`the command ended with 0, and the store says ${is}`] : []),
    // Without a release before its eyes it tells of itself alone.
    ...(end.code !== 0 && went && end.events.length > 0 && !claimNothing.includes(end.problem?.code) ? [`the command ended with ${end.code} (${end.problem?.code ?? 'no problem'}), and the store says ${is}`] : []),
  ]
}
