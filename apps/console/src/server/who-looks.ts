import 'server-only'
import { contract, isAsMuchAs, roleIn, type Principal, type Role } from '@plimsoll/model'
import { cache } from 'react'
import { tryApi } from './ask-api.ts'

/** Who looks at this page; undefined where that cannot be found out. Asked once for a page. */
export const whoLooks = cache(async (): Promise<Principal | undefined> => {
  const answer = await tryApi(contract.whoAmI, {})
  return answer.is === 'answer' ? answer.value : undefined
})

/** Whether they may do what needs `role` in `app`, or in Plimsoll itself. What they may not do is not offered; the API refuses it in any case. */
export async function looksAs(role: Role, app?: string): Promise<boolean> {
  const who = await whoLooks()
  return who !== undefined && isAsMuchAs(roleIn(who.grants, app), role)
}
