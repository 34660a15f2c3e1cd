import type { VerificationSummary } from '@plimsoll/model'

/** What came of a verification, in one sentence. */
export function summarySentence({ state, passed, blocking, problem, paused }: Pick<VerificationSummary, 'state' | 'passed' | 'blocking' | 'problem' | 'paused'>): string {
  if (problem !== undefined) return problem.message
  const good = `${passed} ${passed === 1 ? 'answer' : 'answers'} good`
  switch (state) {
    case 'running': return 'It is being asked everything in a throw-away copy.'
    case 'passed': return `${good}, and nothing blocks${paused === true ? ' a release with a pause' : ''}.`
    case 'blocked': return `${blocking} ${blocking === 1 ? 'answer blocks' : 'answers block'} it; ${good}.`
    case 'unsure': return `Something had no answer; ${good}.`
    case 'interrupted': return 'It was stopped before its end.'
  }
}
