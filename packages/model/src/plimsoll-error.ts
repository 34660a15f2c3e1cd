import { z } from 'zod'
import { errorCodes, type ErrorCode } from './error-codes.ts'

/** A failure as data: the one shape that the journal, the API, the CLI and the console share. */
export const problemSchema = z.object({
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  /** What happened, to what, in what circumstance. */
  message: z.string(),
  /** The next thing to do, ideally a command to type. */
  hint: z.string().optional(),
  /** Plain data; `log` (string[]) is printed under the message, `diagnostics` as a list. */
  details: z.record(z.string(), z.unknown()).optional(),
})
export type Problem = z.infer<typeof problemSchema>

const brand = Symbol.for('plimsoll.error')

/** The one error class. Whatever else is thrown is a bug of ours. */
export class PlimsollError extends Error {
  override readonly name = 'PlimsollError'
  readonly [brand] = true
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly details: Record<string, unknown> | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string | undefined; details?: Record<string, unknown> | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.details = options.details
  }
}

/** Unlike `instanceof`, holds when two copies of this module are loaded. */
export function isPlimsollError(error: unknown): error is PlimsollError {
  return error instanceof Error && brand in error
}

/**
 * The plain data of any thrown thing. What is not a {@link PlimsollError} becomes `BUG`, stack in `details`;
 * but for a full disk, which any write may meet and no writer can foresee: that is `DISK_FULL` everywhere.
 */
export function toProblem(error: unknown): Problem {
  if (!isPlimsollError(error)) return isDiskFull(error) ? diskFull(error) : bug(error)
  const { code, message, hint, details } = error
  return { code, message, ...(hint !== undefined && { hint }), ...(details !== undefined && { details }) }
}

/** The error that a {@link Problem} was made from, for throwing it again on the other side of a border. */
export function fromProblem(problem: Problem): PlimsollError {
  return new PlimsollError(problem.code, problem.message, { hint: problem.hint, details: problem.details })
}

/** True for the system's own word that no room is left, on the disk or within the user's share of it. */
export function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

function diskFull(error: Error): Problem {
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined
  return { code: 'DISK_FULL', message: `The disk is full: ${path ?? error.message} could not be written`, hint: 'Free some space: df -h' }
}

function bug(error: unknown): Problem {
  if (!(error instanceof Error)) return { code: 'BUG', message: String(error) }
  return { code: 'BUG', message: error.message, details: { stack: error.stack ?? '' } }
}
