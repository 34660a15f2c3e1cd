import { z } from 'zod'

export const SignIn = z.object({
  email: z.email().max(254),
  password: z.string().min(1).max(200),
})
export type SignIn = z.infer<typeof SignIn>

export const Customer = z.object({ id: z.uuid(), name: z.string(), email: z.email() })
export type Customer = z.infer<typeof Customer>

export const Session = z.object({
  customer: Customer,
  /** Sent back as `Authorization: Bearer …`; browsers may rely on the cookie instead. */
  token: z.string(),
  expiresAt: z.iso.datetime(),
})
export type Session = z.infer<typeof Session>

export const SignedIn = z.object({ customer: Customer })
export type SignedIn = z.infer<typeof SignedIn>
