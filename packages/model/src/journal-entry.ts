import { z } from 'zod'
import { problemSchema } from './plimsoll-error.ts'

const at = z.iso.datetime()
const step = z.string()

/** One thing that happened to one release. Append-only; `seq` counts from 1 without gaps. */
export const journalEntrySchema = z.discriminatedUnion('is', [
  z.object({ is: z.literal('started'), step, at }),
  z.object({ is: z.literal('done'), step, at, gives: z.record(z.string(), z.unknown()) }),
  z.object({ is: z.literal('failed'), step, at, problem: problemSchema }),
  z.object({ is: z.literal('undoing'), step, at }),
  z.object({ is: z.literal('undone'), step, at }),
  z.object({ is: z.literal('undo-failed'), step, at, problem: problemSchema }),
])
export type JournalEntry = z.infer<typeof journalEntrySchema>

/** How a release ended. `stuck` needs a person or another attempt; calling again resumes it. */
export const outcomeSchema = z.discriminatedUnion('is', [
  z.object({ is: z.literal('completed') }),
  /** It was completed, and its watch went back to the release before. */
  z.object({ is: z.literal('rolled-back'), problem: problemSchema }),
  /** A step found that nothing was new; the steps after it had nothing to do. */
  z.object({ is: z.literal('unchanged'), at: step }),
  z.object({ is: z.literal('undone'), at: step, problem: problemSchema }),
  z.object({ is: z.literal('stuck'), at: step, problem: problemSchema }),
])
export type Outcome = z.infer<typeof outcomeSchema>
