import { z } from 'zod'
import { grantSchema, roleSchema } from './access.ts'
import { appNameSchema } from './names.ts'

/** What somebody is called; told apart without regard to capitals. No control characters: it is shown in terminals and logs. */
export const userNameSchema = z.string().trim().min(1).max(64).regex(/^[^\p{C}]+$/u, 'must have no control characters')
/** Long rather than odd: a password of twelve characters and no rules beats a short one with many. */
export const passwordSchema = z.string().min(12, 'must have 12 characters or more').max(200)

const time = z.iso.datetime()

export const userSchema = z.object({
  id: z.string(),
  name: userNameSchema,
  grants: z.array(grantSchema),
  createdAt: time,
  /** When they last did anything; null for somebody who never came. */
  seenAt: time.nullable(),
  /** Grows with each change of what they may do; who changes it says which one they have seen. */
  version: z.number().int().positive(),
})
export type User = z.infer<typeof userSchema>

/** Who asks: `owner` is whoever can read the token file of the machine's home, or came by a link that such a one has made. */
export const principalSchema = z.object({
  kind: z.enum(['owner', 'user', 'token']),
  /** Of the user or the token; `owner` for the owner. */
  id: z.string(),
  /** As the audit log shows it. */
  name: z.string(),
  /** What they may do now. */
  grants: z.array(grantSchema),
  /** Of a token, and of a user: whose it is, and who they are. */
  userId: z.string().nullable(),
})
export type Principal = z.infer<typeof principalSchema>

/** A session that has begun. `token` is sent as a bearer token, and is told this once. */
export const sessionSchema = z.object({ token: z.string(), endsAt: time, who: principalSchema })
export type Session = z.infer<typeof sessionSchema>

/** A link that can be used once. */
export const linkSchema = z.object({
  /** Whoever knows it may use it. */
  code: z.string(),
  /** Where the console takes it. */
  url: z.string().optional(),
  endsAt: time,
})
export type Link = z.infer<typeof linkSchema>

/** Somebody who was invited and has not come yet. */
export const invitationSchema = z.object({ id: z.string(), name: userNameSchema, grants: z.array(grantSchema), by: z.string(), endsAt: time })
export type Invitation = z.infer<typeof invitationSchema>

export const tokenSchema = z.object({
  id: z.string(),
  name: userNameSchema,
  /** What it may do at most; never more than whoever made it may. */
  grants: z.array(grantSchema),
  /** Whose it is. */
  by: z.string(),
  createdAt: time,
  endsAt: time,
  seenAt: time.nullable(),
})
export type Token = z.infer<typeof tokenSchema>

/** A token may live for a year at most. */
export const longestTokenDays = 366
export const newTokenSchema = z.object({
  name: userNameSchema,
  scope: roleSchema,
  /** All, unless given. */
  apps: z.array(appNameSchema).min(1).optional(),
  days: z.number().int().min(1).max(longestTokenDays).default(90),
})

/** `token` is told this once; only a hash of it is kept. */
export const madeTokenSchema = tokenSchema.extend({ token: z.string() })
export type MadeToken = z.infer<typeof madeTokenSchema>
