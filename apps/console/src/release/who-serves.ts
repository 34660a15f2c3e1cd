import type { JournalEntry, Release } from '@plimsoll/model'
import type { TimelineStep } from './timeline.ts'

/**
 * The release that was live when this one began: null if there was none, undefined while nobody has noted it.
 * The first step that looks notes it as `before`, ahead of any change.
 */
export function liveBefore(journal: readonly JournalEntry[]): number | null | undefined {
  const noted = journal.find((entry) => entry.is === 'done' && 'before' in entry.gives)
  if (noted?.is !== 'done') return undefined
  return liveOf(noted.gives['before'])
}

function liveOf(traffic: unknown): number | null | undefined {
  if (traffic === null) return null
  const live = field(traffic, 'live')
  const release = field(live, 'release')
  return typeof release === 'number' ? release : undefined
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined
}

/** The number whose units a release puts to work: its own, or that of the release it goes back to. */
export function servingNumber({ number, backTo }: Pick<Release, 'number' | 'backTo'>): number {
  return backTo ?? number
}

/** Where users are, as far as the switch got. `shared`: a part of them meets the new release. `unknown`: it was being moved when something went wrong. */
export type Traffic = 'before' | 'shared' | 'moving' | 'after' | 'moving-back' | 'back' | 'unknown'

export function trafficIn(timeline: readonly TimelineStep[]): Traffic {
  const step = timeline.find(({ moment }) => moment === 'switch')
  if (step?.undo === 'undoing') return 'moving-back'
  if (step?.undo === 'undone') return 'back'
  if (step?.undo === 'undo-failed') return 'unknown'
  switch (step?.progress) {
    case 'running': return 'moving'
    case 'done': return 'after'
    case 'failed': return 'unknown'
    default: return isShared(timeline) ? 'shared' : 'before'
  }
}

/** From the first share until everybody has moved, or until all of it was taken back. */
function isShared(timeline: readonly TimelineStep[]): boolean {
  const share = timeline.find(({ moment }) => moment === 'share')
  return share !== undefined && share.undo !== 'undone' && (share.progress === 'running' || share.progress === 'done' || share.progress === 'failed')
}
