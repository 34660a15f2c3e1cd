import { z } from 'zod'
import { grantSchema } from './access.ts'
import { auditPageSchema } from './audit.ts'
import { route } from './route.ts'
import { invitationSchema, linkSchema, madeTokenSchema, newTokenSchema, passwordSchema, principalSchema, sessionSchema, tokenSchema, userNameSchema, userSchema } from './users.ts'

const done = z.object({ ok: z.literal(true) })
const grants = z.array(grantSchema).min(1).max(200)
const code = z.string().min(1).max(200)

/** Who may ask what, and who has: the part of the contract that is about people and their programs. */
export const accessContract = {
  signIn: route({ method: 'POST', path: '/v1/sessions', summary: 'Begin a session with a name and a password', needs: 'nothing', body: z.object({ name: userNameSchema, password: z.string().max(200) }), reply: sessionSchema, noted: ({ name }) => ({ name }) }),
  enter: route({ method: 'POST', path: '/v1/sessions/by-link', summary: 'Begin a session as the owner of this machine, by a link that works once', needs: 'nothing', body: z.object({ code }), reply: sessionSchema }),
  signOut: route({ method: 'DELETE', path: '/v1/sessions/current', summary: 'End the session that asks', needs: 'to be known', reply: done }),
  whoAmI: route({ method: 'GET', path: '/v1/me', summary: 'Who asks, and what they may do', needs: 'to be known', reply: principalSchema }),
  changePassword: route({ method: 'PUT', path: '/v1/me/password', summary: 'Change the own password; all other sessions of the user end', needs: 'to be known', body: z.object({ current: z.string().max(200), next: passwordSchema }), reply: done }),
  makeLink: route({ method: 'POST', path: '/v1/links', summary: 'Make a link by which a browser comes in as the owner of this machine, once', needs: 'admin', reply: linkSchema }),
  listUsers: route({ method: 'GET', path: '/v1/users', summary: 'Everybody who may sign in, and who was invited', needs: 'admin', reply: z.object({ users: z.array(userSchema), invitations: z.array(invitationSchema) }) }),
  inviteUser: route({ method: 'POST', path: '/v1/users', summary: 'Invite somebody, by a link that works once', needs: 'admin', body: z.object({ name: userNameSchema, grants }), reply: linkSchema, noted: ({ name, grants: given }) => ({ name, grants: given }) }),
  join: route({ method: 'POST', path: '/v1/users/join', summary: 'Follow an invitation: choose a password, and begin a session', needs: 'nothing', body: z.object({ code, password: passwordSchema }), reply: sessionSchema }),
  showInvitation: route({ method: 'POST', path: '/v1/users/invitation', summary: 'Whom an invitation is for', needs: 'nothing', body: z.object({ code }), reply: z.object({ name: userNameSchema }) }),
  changeUser: route({ method: 'PUT', path: '/v1/users/:user', summary: 'Change what somebody may do', needs: 'admin', body: z.object({ grants, version: z.number().int().positive() }), reply: userSchema, noted: ({ grants: given }) => ({ grants: given }) }),
  removeUser: route({ method: 'DELETE', path: '/v1/users/:user', summary: 'Remove somebody, or an invitation; their sessions and tokens end at once', needs: 'admin', reply: done }),
  listTokens: route({ method: 'GET', path: '/v1/tokens', summary: 'The own tokens; for an admin those of everybody', needs: 'to be known', reply: z.array(tokenSchema) }),
  createToken: route({ method: 'POST', path: '/v1/tokens', summary: 'Make a token for a program; it is told this once', needs: 'to be known', body: newTokenSchema, reply: madeTokenSchema, noted: (given) => ({ ...given }) }),
  revokeToken: route({ method: 'DELETE', path: '/v1/tokens/:token', summary: 'End a token, the own or as an admin that of anybody', needs: 'to be known', reply: done }),
  listAudit: route({ method: 'GET', path: '/v1/audit', summary: 'Who asked for what change, newest first', needs: 'admin', query: z.object({ before: z.coerce.number().int().positive().optional(), app: z.string().optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }), reply: auditPageSchema }),
} as const
