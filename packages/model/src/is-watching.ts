import type { Watch } from './watch.ts'

/** Whether the watch goes on, and may still change what is live. */
export function isWatching(watch: Watch | undefined): watch is Watch & { readonly state: 'watching' | 'going-back' } {
  return watch?.state === 'watching' || watch?.state === 'going-back'
}
