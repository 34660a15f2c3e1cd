import type { SignIn } from './config-schema.ts'

/** `fetch` for one service: paths begin with `/`, and JSON is one word. Never throws for a status. */
export interface ApiClient {
  (path: string, init?: ApiRequest): Promise<Response>
  /** Where it asks; no trailing slash. */
  readonly url: string
}

export type ApiRequest = RequestInit & {
  /** Sent as JSON, with `POST` unless another method is given. */
  readonly json?: unknown
}

/** The fields that somebody is known by: `{ email, password }`. They lie over those of the configuration. */
export type Credentials = Readonly<Record<string, unknown>>

export function apiClient(url: string, headers: Readonly<Record<string, string>> = {}): ApiClient {
  const ask = (path: string, { json, ...init }: ApiRequest = {}) => {
    const sent = new Headers({ ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) })
    for (const [name, value] of new Headers(init.headers)) sent.set(name, value)
    return fetch(`${url}${path}`, { ...(json !== undefined && { method: 'POST', body: JSON.stringify(json) }), ...init, headers: sent })
  }
  return Object.assign(ask, { url })
}

/** Signs in as a configuration says it, and gives a client that is known from then on. Throws with the answer when that is refused. */
export async function signedIn(client: ApiClient, recipe: SignIn, credentials: Credentials): Promise<ApiClient> {
  const answer = await client(recipe.path, { json: { ...recipe.fields, ...credentials }, redirect: 'manual' })
  const text = await answer.text()
  if (answer.status >= 400) throw new Error(`Signing in at ${recipe.path} was answered with ${answer.status}: ${text.slice(0, 500)}`)
  if (recipe.token !== undefined) return apiClient(client.url, { authorization: `Bearer ${tokenIn(text, recipe)}` })
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '')
  if (cookies.length === 0) throw new Error(`Signing in at ${recipe.path} gave no cookie. For a token, say where it stands in the answer: signIn: { token: 'token' }`)
  return apiClient(client.url, { cookie: cookies.join('; ') })
}

function tokenIn(text: string, { path, token = '' }: SignIn): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`Signing in at ${path} gave no JSON`, { cause })
  }
  for (const key of token.split('.')) value = typeof value === 'object' && value !== null && key in value ? (value as Record<string, unknown>)[key] : undefined
  if (typeof value !== 'string') throw new Error(`Signing in at ${path} gave no text at ${token}`)
  return value
}
