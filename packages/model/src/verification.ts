import { z } from 'zod'
import { appNameSchema, digestSchema, driverNameSchema, releaseNumberSchema, serviceNameSchema } from './names.ts'
import { noticeSchema } from './notice.ts'
import { problemSchema } from './plimsoll-error.ts'
import { sourceSchema } from './release.ts'
import { blocks, concernSchema, verdictSchema, type Verdict } from './verdict.ts'

const at = z.iso.datetime()

/** One check as it was asked: when, for how long, and what came of it. */
export const askedCheckSchema = z.object({
  id: z.string(),
  title: z.string(),
  concern: concernSchema,
  startedAt: at,
  tookMs: z.number().nonnegative(),
  /** Ids of the checks that it waited for. */
  after: z.array(z.string()),
  verdicts: z.array(verdictSchema),
})
export type AskedCheck = z.infer<typeof askedCheckSchema>

/** One test of a suite, over all its attempts. */
export const suiteTestSchema = z.object({
  /** File and full title: the same from run to run. */
  name: z.string(),
  file: z.string().optional(),
  /** `flaky`: failed, and then passed with a fresh worker and database. */
  is: z.enum(['passed', 'failed', 'flaky', 'skipped']),
  tookMs: z.number().nonnegative(),
  attempts: z.number().int().positive(),
  /** What its last failure said. */
  message: z.string().optional(),
  /** Stands in the quarantine file: shown, and blocks nothing until that runs out. */
  quarantined: z.object({ owner: z.string(), reason: z.string(), until: z.string() }).optional(),
})
export type SuiteTest = z.infer<typeof suiteTestSchema>

/** One of the repository's own suites, as it ran. */
export const suiteRunSchema = z.object({
  name: z.string(),
  command: z.string(),
  /** `broken`: it gave no report, hung, or could not be started; `problem` says which. */
  is: z.enum(['passed', 'failed', 'broken', 'skipped']),
  startedAt: at,
  tookMs: z.number().nonnegative(),
  tests: z.array(suiteTestSchema),
  problem: z.string().optional(),
  /** The last lines that it printed. */
  log: z.array(z.string()),
})
export type SuiteRun = z.infer<typeof suiteRunSchema>

/** Of the lines of the services' own code, how many ran. `changed`: of those that differ from what is live. */
export const coverageSchema = z.object({
  total: z.object({ lines: z.number().int(), covered: z.number().int() }),
  changed: z.object({ lines: z.number().int(), covered: z.number().int() }).optional(),
  files: z.array(z.object({ file: z.string(), lines: z.number().int(), covered: z.number().int() })),
})
export type Coverage = z.infer<typeof coverageSchema>

/**
 * `passed`: nothing blocks. `blocked`: at least one check failed. `unsure`: nothing failed, and something that had to be known could not
 * be found out. `interrupted`: stopped before its end.
 */
export const verificationStates = ['running', 'passed', 'blocked', 'unsure', 'interrupted'] as const

/** One run of `plimsoll verify`: the one source of every report about it. */
export const verificationSchema = z.object({
  /** Of this form. A field that is added leaves it as it is. */
  version: z.literal(1),
  /** Unique for ever. */
  id: z.string().regex(/^[0-9a-z]+$/),
  app: appNameSchema,
  place: driverNameSchema,
  source: sourceSchema,
  /** Over the text of the Blueprint that it was wired by. */
  blueprint: digestSchema,
  state: z.enum(verificationStates),
  startedAt: at,
  endedAt: at.optional(),
  /** What was asked: exactly these, and nothing else, may be released for it. */
  artifacts: z.array(z.object({ service: serviceNameSchema, digest: digestSchema, inputs: digestSchema, sizeBytes: z.number().nonnegative(), image: z.string().optional() })),
  /** The release that was live, and against which it was held. */
  against: releaseNumberSchema.optional(),
  /** Verified as a release with a pause: what the live release does not survive blocks nothing then, and so it proves no other. */
  paused: z.literal(true).optional(),
  /** From which everything that is made up was made: the same asks the same. */
  seed: z.number().int().nonnegative(),
  checks: z.array(askedCheckSchema),
  suites: z.array(suiteRunSchema).default([]),
  coverage: coverageSchema.optional(),
  /** Why it could not be brought to its end. */
  problem: problemSchema.optional(),
  /** Who was told of how it ended, and who was not and why; absent while nobody had to be. */
  notices: z.array(noticeSchema).optional(),
  /** Where its reports lie; absolute. */
  directory: z.string(),
})
export type Verification = z.infer<typeof verificationSchema>

/** A verification in a list: how it stands, without what was asked. */
export const verificationSummarySchema = verificationSchema.pick({ id: true, app: true, place: true, source: true, state: true, startedAt: true, endedAt: true, against: true, paused: true, problem: true }).extend({
  /** How many answers were good, and how many block. */
  passed: z.number().int(),
  blocking: z.number().int(),
})
export type VerificationSummary = z.infer<typeof verificationSummarySchema>

/** All answers, in the order of the checks. */
export function verdictsOf({ checks }: Pick<Verification, 'checks'>): readonly Verdict[] {
  return checks.flatMap(({ verdicts }) => verdicts)
}

/** How a verification ends by what was answered. */
export function stateBy(verdicts: readonly Pick<Verdict, 'is' | 'weight'>[]): 'passed' | 'blocked' | 'unsure' {
  if (verdicts.some(blocks)) return 'blocked'
  return verdicts.some(({ is, weight }) => is === 'inconclusive' && weight !== 'advice') ? 'unsure' : 'passed'
}

/** One thing that happened in a verification that is watched. `end` is the last. */
export const verificationEventSchema = z.discriminatedUnion('event', [
  /** Before anything is asked. */
  z.object({ event: z.literal('start'), data: verificationSchema }),
  /** What it does now, for people: "Build what changed". */
  z.object({ event: z.literal('phase'), data: z.object({ title: z.string(), at }) }),
  z.object({ event: z.literal('line'), data: z.object({ at, service: serviceNameSchema, stream: z.enum(['build', 'out', 'plimsoll']), text: z.string() }) }),
  z.object({ event: z.literal('asking'), data: z.object({ id: z.string(), title: z.string(), concern: concernSchema, at }) }),
  z.object({ event: z.literal('asked'), data: askedCheckSchema }),
  z.object({ event: z.literal('end'), data: verificationSchema }),
])
export type VerificationEvent = z.infer<typeof verificationEventSchema>
