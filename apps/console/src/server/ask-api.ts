import 'server-only'
import { createClient, readAddress, type Asked, type Client } from '@plimsoll/client'
import { isPlimsollError, toProblem, traceHeaders, type Problem, type Route } from '@plimsoll/model'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { readConfig } from '../config.ts'
import { paths } from '../paths.ts'
import { sessionToken } from './session.ts'

/** What a page gets: the answer, or the problem that it shows in its place. */
export type Answer<T> = { readonly is: 'answer'; readonly value: T } | { readonly is: 'problem'; readonly problem: Problem }

/** Where `proxy.ts` notes which page was asked for, so that signing in leads back to it. */
export const pathHeader = 'x-plimsoll-path'

/** The one way from a page to the API, in the name of whoever looks at it. Who is not known, or not any more, is led to where they can sign in. */
export async function askApi<Reply, Body, Query>(route: Route<Reply, Body, Query>, asked: Asked<Body, Query>): Promise<Answer<Reply>> {
  const answer = await tryApi(route, asked)
  if (answer.is === 'problem' && answer.problem.code === 'UNAUTHORIZED') {
    const from = (await headers()).get(pathHeader) ?? paths.overview
    return redirect(from === paths.overview ? paths.signIn : `${paths.signIn}?to=${encodeURIComponent(from)}`)
  }
  return answer
}

/** The same, where not to be known is an answer too. */
export async function tryApi<Reply, Body, Query>(route: Route<Reply, Body, Query>, asked: Asked<Body, Query>): Promise<Answer<Reply>> {
  try {
    const client = await apiClient()
    return { is: 'answer', value: await client.call(route, asked) }
  } catch (error) {
    if (isPlimsollError(error)) return { is: 'problem', problem: toProblem(error) }
    throw error
  }
}

/** A client of the API as it is found now: after a restart it may have another port. */
export async function apiClient(): Promise<Client> {
  const { apiUrl, home } = readConfig(process.env)
  const [head, token] = await Promise.all([headers(), sessionToken()])
  const from = head.get('x-forwarded-for')
  return createClient({ baseUrl: apiUrl ?? (await readAddress(home)).url, token, headers: { ...(from !== null && { 'x-forwarded-for': from }), ...traceHeaders(head.get('traceparent')) } })
}
