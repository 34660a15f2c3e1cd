import { formatDiagnostic } from '@plimsoll/model'
import type { Finding, RehearsalCheck } from '../rehearsal/rehearsal-check.ts'
import { mostQuarantined, quarantineFile, type Quarantine } from './judge/quarantine.ts'

/** That tests are excused by somebody, for a reason, for a time, and that they are few. `known`: how many tests there are, as earlier runs saw them. */
export function quarantineCheck(read: (signal: AbortSignal) => Promise<{ readonly quarantine: Quarantine; readonly known: number }>): RehearsalCheck {
  return {
    id: 'suites.quarantine',
    title: 'Tests in quarantine have an owner, a reason and an end, and are few',
    concern: 'suites',
    limitMs: 10_000,
    async ask(_, signal) {
      const { quarantine, known } = await read(signal)
      return quarantineFindings(quarantine, known)
    },
  }
}

function quarantineFindings({ entries, diagnostics }: Quarantine, known: number): readonly Finding[] {
  if (diagnostics.length > 0) return [{ is: 'fail', finding: `${quarantineFile} has ${diagnostics.length} mistake${diagnostics.length === 1 ? '' : 's'}, so it excuses nothing`, evidence: [{ title: quarantineFile, text: diagnostics.map(formatDiagnostic).join('\n') }] }]
  const findings: Finding[] = entries.filter(({ expired }) => expired).map(({ test, owner, until, issue }) => ({ is: 'fail', finding: `The quarantine of ${test} ended on ${until}`, hint: `${owner}: repair it (${issue}) and take it out of ${quarantineFile}, or say there until when it may stay` }))
  const most = mostQuarantined(known)
  if (entries.length > most) findings.push({ is: 'fail', finding: `${entries.length} tests are in quarantine, and at most ${most} may be (5, or 2 % of all)`, hint: `Repair some of them, or delete those that nobody needs: ${quarantineFile}` })
  if (findings.length > 0) return findings
  return [{ is: 'pass', finding: entries.length === 0 ? 'No test is in quarantine' : `${entries.length} in quarantine: ${entries.map(({ test, owner, until }) => `${test} (${owner}, until ${until})`).join('; ')}` }]
}
