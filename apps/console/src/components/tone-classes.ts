import type { Tone } from '../words/tone.ts'

/** Whole class names, because Tailwind finds them by reading the source. */
export const inkOf: Readonly<Record<Tone, string>> = { good: 'text-good', busy: 'text-busy', quiet: 'text-ink-soft', warn: 'text-warn', bad: 'text-bad' }

export const washOf: Readonly<Record<Tone, string>> = {
  good: 'bg-good-wash border-good/30',
  busy: 'bg-busy-wash border-busy/30',
  quiet: 'bg-plate border-line',
  warn: 'bg-warn-wash border-warn/30',
  bad: 'bg-bad-wash border-bad/30',
}
