/** A size as people compare it: `812 B`, `34 kB`, `11.2 MB`, `1.4 GB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

/** How much larger or smaller something has become: `2.5 MB more`, `40 kB less`. */
export function sizeChangeOf(was: number, now: number): string {
  if (was === now) return 'as large as before'
  return `${sizeOf(Math.abs(now - was))} ${now > was ? 'more' : 'less'}`
}
