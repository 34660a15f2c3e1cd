import { blocks, verdictsOf, type Verification } from '@plimsoll/model'
import { z } from 'zod'

const digestSetSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) })

/**
 * That named artifacts were tested, and with what result: an in-toto Statement v1 with the predicate "test result" v0.1
 * (in-toto/attestation, spec/predicates/test-result.md). `configuration` is what they were wired by.
 */
export const testResultSchema = z.object({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.object({ name: z.string(), digest: digestSetSchema })),
  predicateType: z.literal('https://in-toto.io/attestation/test-result/v0.1'),
  predicate: z.object({
    result: z.enum(['PASSED', 'WARNED', 'FAILED']),
    configuration: z.array(z.object({ name: z.string(), digest: digestSetSchema })),
    passedTests: z.array(z.string()),
    warnedTests: z.array(z.string()),
    failedTests: z.array(z.string()),
  }),
})
export type TestResult = z.infer<typeof testResultSchema>

/** What a verification says of what it tried. What was not asked, or could not be found out, is in none of its lists. */
export function testResultOf(verification: Verification): TestResult {
  const verdicts = verdictsOf(verification)
  const idsOf = (wanted: (verdict: (typeof verdicts)[number]) => boolean): string[] => [...new Set(verdicts.filter(wanted).map(({ check }) => check))]
  const failed = idsOf(blocks)
  const warned = idsOf((verdict) => verdict.is === 'fail' && !blocks(verdict)).filter((id) => !failed.includes(id))
  const passed = idsOf(({ is }) => is === 'pass').filter((id) => !failed.includes(id) && !warned.includes(id))
  const good = warned.length === 0 ? 'PASSED' : 'WARNED'
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: verification.artifacts.map(({ service, digest }) => ({ name: service, digest: { sha256: digest.replace('sha256:', '') } })),
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: verification.state === 'passed' ? good : 'FAILED',
      configuration: [{ name: verification.source.blueprint, digest: { sha256: verification.blueprint.replace('sha256:', '') } }],
      passedTests: passed, warnedTests: warned, failedTests: failed,
    },
  }
}
