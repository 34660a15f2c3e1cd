import 'server-only'
import { PlimsollError, toProblem, type Problem } from '@plimsoll/model'
import { headers } from 'next/headers'
import { isOwnRequest } from './own-request.ts'

/** Why an action is not done: it did not come from a page of the console. Undefined when it did. */
export async function refusal(): Promise<Problem | undefined> {
  if (isOwnRequest(await headers())) return undefined
  return toProblem(new PlimsollError('UNAUTHORIZED', 'This request did not come from a page of the console', { hint: 'Reload the page and try again.' }))
}
