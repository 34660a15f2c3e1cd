import type { LogLine, Problem } from '@plimsoll/model'

/** The newest lines of an app, which a reader may hold still. */
export interface LogBuffer {
  readonly lines: readonly LogLine[]
  /** What is on screen: all lines, or those that were there when the reader paused. */
  readonly shown: readonly LogLine[]
  readonly pausedAt: readonly LogLine[] | undefined
  /** How many lines came since the pause. */
  readonly held: number
  readonly connection: 'connecting' | 'open' | 'lost'
  readonly problem: Problem | undefined
}

export type LogBufferEvent =
  | { readonly event: 'open' | 'lost' | 'pause' | 'follow' }
  | { readonly event: 'line'; readonly data: LogLine }
  | { readonly event: 'problem'; readonly data: Problem }

const maxLines = 1000

export function beginLogs(): LogBuffer {
  return { lines: [], shown: [], pausedAt: undefined, held: 0, connection: 'connecting', problem: undefined }
}

/** What is known after an event. A new connection tells the last lines again, so the buffer begins anew with it; what is paused stays. */
export function withLogEvent(buffer: LogBuffer, event: LogBufferEvent): LogBuffer {
  switch (event.event) {
    case 'open': return shownOf({ ...buffer, lines: [], connection: 'open', problem: undefined })
    case 'lost': return { ...buffer, connection: 'lost' }
    case 'problem': return { ...buffer, problem: event.data }
    case 'pause': return shownOf({ ...buffer, pausedAt: buffer.lines, held: 0 })
    case 'follow': return shownOf({ ...buffer, pausedAt: undefined, held: 0 })
    case 'line': return shownOf({ ...buffer, lines: [...buffer.lines.slice(1 - maxLines), event.data], held: buffer.pausedAt === undefined ? 0 : buffer.held + 1 })
  }
}

function shownOf(buffer: LogBuffer): LogBuffer {
  return { ...buffer, shown: buffer.pausedAt ?? buffer.lines }
}
