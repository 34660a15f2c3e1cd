import type { Finding } from '../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../rehearsal/rehearsal.ts'

/** What is found of the live release beside the candidate: it blocks, but for a release with a pause, which leaves the two nothing in common. It is told then all the same. */
export function besideLive({ paused }: Pick<Rehearsal, 'paused'>, findings: readonly Finding[]): readonly Finding[] {
  if (paused !== true) return findings
  return findings.map((finding) => (finding.is === 'fail' ? { ...finding, weight: 'advice', hint: unhindered } : finding))
}

const unhindered = 'It goes ahead because nothing of before runs beside a release with a pause. Nobody goes back from it by itself, and going back by hand would meet just this.'
