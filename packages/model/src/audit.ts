import { z } from 'zod'

/**
 * One line of the audit log: somebody asked for a change. `allowed` is written before it is begun; `refused` for what they may not do, and `failed`
 * after an `allowed` one of the same `request` that came to nothing, with its code.
 */
export const auditEntrySchema = z.object({
  id: z.number().int().positive(),
  at: z.iso.datetime(),
  request: z.string(),
  who: z.object({ kind: z.enum(['owner', 'user', 'token', 'nobody']), id: z.string(), name: z.string() }),
  /** The name of the question in the contract: `rollBack`. */
  action: z.string(),
  app: z.string().nullable(),
  outcome: z.enum(['allowed', 'refused', 'failed']),
  code: z.string().nullable(),
  /** What was asked for, without a secret. */
  details: z.record(z.string(), z.unknown()),
  /** From where, as far as it is known. */
  address: z.string().nullable(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

/** Newest first; `next` is what to ask for as `before` to see older ones, and null at the end. */
export const auditPageSchema = z.object({ entries: z.array(auditEntrySchema), next: z.number().int().nullable() })
export type AuditPage = z.infer<typeof auditPageSchema>
