import type { AppName, LogLine, PlimsollError, Release, ReleaseNumber } from '@plimsoll/model'
import { LineWindow } from './line-window.ts'

/** What a release prints and how it ends, for whoever watches while it runs. */
export interface LineHub {
  open(app: AppName, release: ReleaseNumber): void
  line(app: AppName, release: ReleaseNumber, line: LogLine): void
  settle(release: Release): void
  /** Tells whoever watches, now or later, why the release does not go on. A line that follows takes it back. */
  standStill(release: Release, problem: PlimsollError): void
  /**
   * The last lines so far, then new ones; ends when the release has settled, and throws why it stands still, or the reason of `signal`. Nothing for a release
   * that does not run here. A reader who is slow costs no more memory than others: one who is far too slow is told how many lines they have missed.
   */
  lines(app: AppName, release: ReleaseNumber, signal: AbortSignal): AsyncIterable<LogLine>
}

interface Channel {
  readonly window: LineWindow
  readonly waiting: Set<() => void>
  standing: PlimsollError | undefined
  hasSettled: boolean
}

export function createLineHub(): LineHub {
  const channels = new Map<string, Channel>()
  const key = (app: AppName, release: ReleaseNumber): string => `${app}/${release}`

  return {
    open(app, release) {
      channels.set(key(app, release), { window: new LineWindow(), waiting: new Set(), standing: undefined, hasSettled: false })
    },
    line(app, release, line) {
      const channel = channels.get(key(app, release))
      if (channel === undefined) return
      channel.standing = undefined
      channel.window.push(line)
      wakeAll(channel)
    },
    standStill(release, problem) {
      const channel = channels.get(key(release.app, release.number))
      if (channel === undefined) return
      channel.standing = problem
      wakeAll(channel)
    },
    settle(release) {
      const channel = channels.get(key(release.app, release.number))
      if (channel === undefined) return
      channel.hasSettled = true
      channels.delete(key(release.app, release.number))
      wakeAll(channel)
    },
    async *lines(app, release, signal) {
      const channel = channels.get(key(app, release))
      if (channel === undefined) return
      if (channel.standing !== undefined) throw channel.standing
      const reader = channel.window.join()
      try {
        for (;;) {
          const next = channel.window.next(reader)
          if (next !== undefined) yield 'missed' in next ? missedLine(release, next.missed) : next
          else if (channel.standing !== undefined) throw channel.standing
          else if (channel.hasSettled) return
          else await change(channel, signal)
        }
      } finally {
        channel.window.leave(reader)
      }
    },
  }
}

function wakeAll({ waiting }: Channel): void {
  for (const wake of waiting) wake()
}

/** Resolves when something has happened there. Throws the reason of `signal`. */
async function change({ waiting }: Channel, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      waiting.delete(wake)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    waiting.add(wake)
    signal.addEventListener('abort', wake, { once: true })
  })
  signal.throwIfAborted()
}

function missedLine(release: ReleaseNumber, missed: number): LogLine {
  const text = `${missed} lines are left out here: they came faster than they were read`
  return { at: new Date().toISOString(), service: 'plimsoll' as LogLine['service'], release, stream: 'plimsoll', text }
}
