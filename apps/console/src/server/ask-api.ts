import 'server-only'
import { createClient, readEndpoint, type Asked, type Client } from '@plimsoll/client'
import { isPlimsollError, toProblem, type Problem, type Route } from '@plimsoll/model'
import { readConfig } from '../config.ts'

/** What a page gets: the answer, or the problem that it shows in its place. */
export type Answer<T> = { readonly is: 'answer'; readonly value: T } | { readonly is: 'problem'; readonly problem: Problem }

/** The one way from a page to the API. The token is read here, at every request, and never leaves this process. */
export async function askApi<Reply, Body, Query>(route: Route<Reply, Body, Query>, asked: Asked<Body, Query>): Promise<Answer<Reply>> {
  try {
    const client = await apiClient()
    return { is: 'answer', value: await client.call(route, asked) }
  } catch (error) {
    if (isPlimsollError(error)) return { is: 'problem', problem: toProblem(error) }
    throw error
  }
}

/** A client of the API as it is found now: after a restart it may have another port and token. */
export async function apiClient(): Promise<Client> {
  const config = readConfig(process.env)
  if (config.is === 'address') return createClient({ baseUrl: config.url, token: config.token })
  const { url, token } = await readEndpoint(config.home)
  return createClient({ baseUrl: config.url ?? url, token })
}
