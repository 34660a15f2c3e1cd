import { on, EventEmitter } from 'node:events'
import type { AppName, LogLine, PlimsollError, Release, ReleaseNumber } from '@plimsoll/model'

/** What a release prints and how it ends, for whoever watches while it runs. */
export interface LineHub {
  open(app: AppName, release: ReleaseNumber): void
  line(app: AppName, release: ReleaseNumber, line: LogLine): void
  settle(release: Release): void
  /** Tells whoever watches, now or later, why the release does not go on. A line that follows takes it back. */
  standStill(release: Release, problem: PlimsollError): void
  /** The last lines so far, then new ones; ends when the release has settled, and throws why it stands still. Nothing for a release that does not run here. */
  lines(app: AppName, release: ReleaseNumber, signal: AbortSignal): AsyncIterable<LogLine>
}

/** Lines that are kept for those who come late. */
const keptLines = 400

interface Channel {
  readonly events: EventEmitter
  readonly recent: LogLine[]
  standing: PlimsollError | undefined
}

export function createLineHub(): LineHub {
  const channels = new Map<string, Channel>()
  const key = (app: AppName, release: ReleaseNumber): string => `${app}/${release}`

  return {
    open(app, release) {
      const events = new EventEmitter()
      events.setMaxListeners(0)
      channels.set(key(app, release), { events, recent: [], standing: undefined })
    },
    line(app, release, line) {
      const channel = channels.get(key(app, release))
      if (channel === undefined) return
      channel.standing = undefined
      channel.recent.push(line)
      if (channel.recent.length > keptLines) channel.recent.shift()
      channel.events.emit('line', line)
    },
    standStill(release, problem) {
      const channel = channels.get(key(release.app, release.number))
      if (channel === undefined) return
      channel.standing = problem
      channel.events.emit('end')
    },
    settle(release) {
      channels.get(key(release.app, release.number))?.events.emit('end')
      channels.delete(key(release.app, release.number))
    },
    async *lines(app, release, signal) {
      const channel = channels.get(key(app, release))
      if (channel === undefined) return
      throwIfStanding(channel)
      // Subscribed before the recent lines are given, so that none is lost in between.
      const coming = on(channel.events, 'line', { signal, close: ['end'] })
      yield* channel.recent.slice()
      for await (const [line] of coming) yield line as LogLine
      throwIfStanding(channel)
    },
  }
}

function throwIfStanding({ standing }: Channel): void {
  if (standing !== undefined) throw standing
}
