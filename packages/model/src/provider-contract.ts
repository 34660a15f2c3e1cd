import { z } from 'zod'
import { route } from './route.ts'
import { sessionSchema } from './users.ts'

const code = z.string().min(1).max(200)

/** Signing in at a provider of OpenID Connect, where one is set: the console takes a browser there and back, and knows nothing that would let it in. */
export const providerContract = {
  showProvider: route({ method: 'GET', path: '/v1/provider', summary: 'Where one can sign in besides with a password', needs: 'nothing', reply: z.object({ name: z.string().nullable() }) }),
  leaveForProvider: route({ method: 'POST', path: '/v1/provider/attempts', summary: 'Where a browser goes to sign in at the provider, and what it brings back', needs: 'nothing', body: z.object({ /** Of somebody who was invited. */ invitation: code.optional() }), reply: z.object({ url: z.url(), attempt: z.string(), endsAt: z.iso.datetime() }) }),
  comeFromProvider: route({ method: 'POST', path: '/v1/sessions/by-provider', summary: 'Begin a session with what the provider has answered', needs: 'nothing', body: z.object({ attempt: code, /** The query of the address that it has led back to. */ answer: z.string().max(8_000) }), reply: sessionSchema }),
} as const
