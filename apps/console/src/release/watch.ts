import type { JournalEntry, LogLine, Problem, Release, ReleaseEvent } from '@plimsoll/model'

/** All that a page knows of the release that it watches. */
export interface Watch {
  readonly release: Release
  readonly journal: readonly JournalEntry[]
  readonly lines: readonly LogLine[]
  /** Lines that a new connection may tell once more. */
  readonly told: ReadonlySet<string>
  readonly connection: 'connecting' | 'open' | 'lost'
  /** Why the stream ended without an end, if the API said so. */
  readonly problem: Problem | undefined
  readonly ended: boolean
}

export type WatchEvent = ReleaseEvent | { readonly event: 'open' } | { readonly event: 'lost' } | { readonly event: 'problem'; readonly data: Problem }

const maxLines = 3000

/** Begins with what the server knew when it made the page. */
export function beginWatch({ release, journal }: Pick<Watch, 'release' | 'journal'>): Watch {
  return { release, journal, lines: [], told: new Set(), connection: 'connecting', problem: undefined, ended: release.state !== 'releasing' }
}

/** What is known after an event. A connection that is taken up again may tell things twice; they are known once. */
export function withEvent(watch: Watch, event: WatchEvent): Watch {
  switch (event.event) {
    case 'open': return { ...watch, connection: 'open', problem: undefined, told: new Set(watch.lines.map(keyOf)) }
    case 'lost': return { ...watch, connection: 'lost' }
    case 'problem': return { ...watch, problem: event.data }
    // Entries are numbered from 1 without gaps, so the length says which is next.
    case 'entry': return event.id <= watch.journal.length ? watch : { ...watch, journal: [...watch.journal, event.data] }
    case 'line': return watch.told.has(keyOf(event.data)) ? watch : { ...watch, lines: [...watch.lines.slice(1 - maxLines), event.data] }
    case 'end': return { ...watch, release: event.data, ended: true }
  }
}

/** The lines that came while a step ran: from its start until the next step began. */
export function linesOf(watch: Pick<Watch, 'journal' | 'lines'>, step: string): LogLine[] {
  const from = watch.journal.find((entry) => entry.step === step && entry.is === 'started')?.at
  if (from === undefined) return []
  const until = watch.journal.find((entry) => entry.step !== step && entry.is === 'started' && entry.at >= from)?.at ?? '~'
  return watch.lines.filter(({ at }) => at >= from && at < until)
}

function keyOf({ at, service, instance, text }: LogLine): string {
  return `${at} ${service} ${instance ?? ''} ${text}`
}
