import type { Rule } from '../rule.ts'

export const nextManualSignals: Rule = {
  id: 'next-manual-signals',
  severity: 'warning',
  holds: 'Next.js is left to finish its requests when it is told to end.',
  why: 'NEXT_MANUAL_SIG_HANDLE switches that off: unless the program does it, requests are cut at every deploy.',
  *find({ services }) {
    for (const { env } of services) {
      const entry = env.get('NEXT_MANUAL_SIG_HANDLE')
      if (entry !== undefined) yield { place: entry, message: 'NEXT_MANUAL_SIG_HANDLE is set', fix: 'remove it, unless the program waits for its requests itself' }
    }
  },
}
