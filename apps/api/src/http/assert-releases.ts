import { isAsMuchAs, PlimsollError, roleIn, type AppName, type Principal } from '@plimsoll/model'

/**
 * For an app that a question names besides that of its path: where artifacts come from. To look is not enough, for whoever may set values in one app and
 * hear whether they differ in another could find out that one's secrets; a releaser can let code run with them anyway. Throws `NOT_FOUND` for somebody
 * without any role in it, as if it was not there, and `FORBIDDEN`.
 */
export function assertReleases({ grants }: Pick<Principal, 'grants'>, app: AppName): void {
  const role = roleIn(grants, app)
  if (role === undefined) throw new PlimsollError('NOT_FOUND', `There is no app "${app}"`, { hint: 'If there is, an admin can give you a role in it.' })
  if (!isAsMuchAs(role, 'releaser')) throw new PlimsollError('FORBIDDEN', `Promoting what ${app} runs needs the role of a releaser in ${app}`, { hint: 'An admin can give it to you.' })
}
