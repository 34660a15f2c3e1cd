import { contract } from '@plimsoll/model'
import type { FastifyInstance } from 'fastify'
import { enter, join, showInvitation, signIn, signOut, type AccessParts } from '../access/sessions.ts'
import { createToken, listTokens, revokeToken } from '../access/tokens.ts'
import { changePassword, changeUser, inviteUser, listUsers, makeOwnerLink, removeUser } from '../access/users.ts'
import { serve } from './serve.ts'

const ok = { ok: true as const }

/** Who may ask, and who has: the part of the contract that is about people and their programs. */
export function serveAccess(api: FastifyInstance, parts: AccessParts): void {
  serve(api, contract.signIn, ({ body }) => signIn(parts, body))
  serve(api, contract.enter, ({ body }) => enter(parts, body))
  serve(api, contract.showInvitation, ({ body }) => showInvitation(parts, body))
  serve(api, contract.join, ({ body }) => join(parts, body))
  serve(api, contract.signOut, ({ known }) => signOut(parts, known().session).then(() => ok))
  serve(api, contract.whoAmI, async ({ known }) => known().who)
  serve(api, contract.changePassword, ({ body, known }) => changePassword(parts, { ...known(), ...body }).then(() => ok))
  serve(api, contract.makeLink, ({ known }) => makeOwnerLink(parts, known().who))
  serve(api, contract.listUsers, () => listUsers(parts))
  serve(api, contract.inviteUser, ({ body, known }) => inviteUser(parts, { ...body, by: known().who }))
  serve(api, contract.changeUser, ({ params, body }) => changeUser(parts, { id: params['user'] ?? '', ...body }))
  serve(api, contract.removeUser, ({ params }) => removeUser(parts, params['user'] ?? '').then(() => ok))
  serve(api, contract.listTokens, ({ known }) => listTokens(parts, known().who))
  serve(api, contract.createToken, ({ body, known }) => createToken(parts, { who: known().who, ...body }))
  serve(api, contract.revokeToken, ({ params, known }) => revokeToken(parts, { who: known().who, id: params['token'] ?? '' }).then(() => ok))
  serve(api, contract.listAudit, ({ query: { before, app, limit } }) => parts.services.store.auditLog.page({ before, app, limit }))
}
