import { z } from 'zod'
import { hookEventSchema, hookSchema, hookWishSchema, madeHookSchema } from './hook.ts'
import { route } from './route.ts'

/** What is done when a repository changes: the part of the contract that is about GitHub. */
export const hookContract = {
  showHook: route({ method: 'GET', path: '/v1/apps/:app/hook', summary: 'What is done when its repository changes; null where nothing is', needs: 'admin', reply: hookSchema.nullable() }),
  setHook: route({ method: 'PUT', path: '/v1/apps/:app/hook', summary: 'Settle what is done when its repository changes', needs: 'admin', body: hookWishSchema, reply: madeHookSchema, noted: ({ secret: _secret, token, ...wish }) => ({ ...wish, hasToken: token !== undefined }) }),
  removeHook: route({ method: 'DELETE', path: '/v1/apps/:app/hook', summary: 'Do nothing more when its repository changes', needs: 'admin', reply: z.object({ ok: z.literal(true) }) }),
  listHookEvents: route({ method: 'GET', path: '/v1/apps/:app/hook/events', summary: 'What its repository has said, newest first, and what came of it', needs: 'admin', query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }), reply: z.array(hookEventSchema) }),
  receiveHook: route({ method: 'POST', path: '/v1/hooks/github/:app', summary: 'For GitHub: something has changed in the repository. Known by its signature over the body (X-Hub-Signature-256)', needs: 'nothing', signed: true, body: z.unknown(), reply: z.object({ is: z.enum(['waiting', 'ignored']), why: z.string().nullable() }) }),
} as const
