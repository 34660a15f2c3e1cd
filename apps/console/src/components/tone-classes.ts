import type { Tone } from '../words/tone.ts'

/** Whole class names, because Tailwind finds them by reading the source. */
export const inkOf: Readonly<Record<Tone, string>> = { good: 'text-good', busy: 'text-busy', quiet: 'text-ink-soft', warn: 'text-warn', bad: 'text-bad' }
