import type { Tone } from '../words/tone.ts'
import { inkOf } from './tone-classes.ts'

const shapes: Readonly<Record<Tone, string>> = {
  good: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z',
  busy: 'M8 3a5 5 0 0 1 0 10z',
  quiet: '',
  warn: 'M8 4.2 12 12H4z',
  bad: 'M5.2 5.2 10.8 10.8M10.8 5.2 5.2 10.8',
}

/** A tone as a shape, so that it is told apart without colour too. Decoration beside a word. */
export function Mark({ tone, className = 'size-4' }: { tone: Tone; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" className={`${className} shrink-0 ${inkOf[tone]}`} aria-hidden="true">
      {tone !== 'bad' && tone !== 'warn' && <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.5" />}
      <path d={shapes[tone]} fill={tone === 'bad' ? 'none' : 'currentColor'} stroke={tone === 'bad' || tone === 'warn' ? 'currentColor' : 'none'} strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
