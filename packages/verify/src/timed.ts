import type { Verdict } from '@plimsoll/model'

/** Adds how long the question took. */
export async function timed(ask: () => Promise<Omit<Verdict, 'tookMs'>>): Promise<Verdict> {
  const began = performance.now()
  const verdict = await ask()
  return { ...verdict, tookMs: Math.round(performance.now() - began) }
}
