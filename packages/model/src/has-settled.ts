import type { ReleaseState } from './release.ts'

/** True for every state that only another attempt or another release can change. */
export function hasSettled(state: ReleaseState): boolean {
  return state !== 'releasing'
}
