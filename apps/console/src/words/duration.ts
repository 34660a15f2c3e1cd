const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How long something took: `80 ms`, `4.2 s`, `38 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export function durationOf(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  if (whole < second) return `${whole} ms`
  if (whole < 9.95 * second) return `${(whole / second).toFixed(1)} s`
  if (whole < 59.5 * second) return `${Math.round(whole / second)} s`
  if (whole < hour) return pair(Math.round(whole / second), 60, ['min', 's'])
  if (whole < day) return pair(Math.round(whole / minute), 60, ['h', 'min'])
  return pair(Math.round(whole / hour), 24, ['d', 'h'])
}

/** How long something has been going on: whole seconds, so that what ticks does not flicker. */
export function elapsedOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / second))
  return seconds < 60 ? `${seconds} s` : durationOf(seconds * second)
}

/** How long ago: `just now`, `40 s ago`, `12 min ago`, `5 h ago`, `3 days ago`. Only the largest part, as people say it. */
export function ageOf(at: string, now: number): string {
  const ms = now - Date.parse(at)
  if (ms < 5 * second) return 'just now'
  if (ms < minute) return `${Math.floor(ms / second)} s ago`
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`
  if (ms < day) return `${Math.floor(ms / hour)} h ago`
  const days = Math.floor(ms / day)
  return days === 1 ? 'yesterday' : `${days} days ago`
}

/** The exact moment, the same wherever it is read: `2026-11-22 09:14:03 UTC`. */
export function exactly(at: string): string {
  return `${at.slice(0, 19).replace('T', ' ')} UTC`
}

function pair(total: number, base: number, [large, small]: readonly [string, string]): string {
  const rest = total % base
  return rest === 0 ? `${Math.floor(total / base)} ${large}` : `${Math.floor(total / base)} ${large} ${rest} ${small}`
}
