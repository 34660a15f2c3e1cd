/**
 * Where the shop is that is tested. `plimsoll verify` says so for each of its copies; the defaults are the addresses of
 * `docker compose up`, and of the shop that is started by hand as the README shows.
 */
export const webUrl = address('PLIMSOLL_WEB_URL', 'http://localhost:3000')
export const apiUrl = address('PLIMSOLL_API_URL', 'http://localhost:4000')
/** The database that the services use. */
export const databaseUrl =
  set('PLIMSOLL_STOREFRONT_DB_DATABASE_URL') ?? set('DATABASE_URL') ?? 'postgresql://localhost/storefront'
/** Databases that no service uses, one for each worker; empty where nobody made any. */
export const spareDatabaseUrls = JSON.parse(set('PLIMSOLL_STOREFRONT_DB_DATABASE_URLS') ?? '[]') as string[]

export const demo = { email: 'demo@halyard.example', password: 'fair winds' } as const

export interface Product {
  readonly slug: string
  readonly name: string
  readonly category: string
  readonly priceCents: number
  readonly fullPriceCents: number | null
  readonly sizes: readonly string[]
  readonly stock: number
}

export interface Cart {
  readonly id: string
  readonly items: readonly { id: string; productSlug: string; size: string; quantity: number }[]
  readonly totalCents: number
  readonly itemCount: number
}

export interface Order {
  readonly id: string
  readonly number: number
  readonly totalCents: number
  readonly confirmed: boolean
  readonly lines: readonly { productSlug: string; quantity: number }[]
}

export interface Problem {
  readonly status: number
  readonly title: string
  readonly detail: string
}

export interface Request {
  readonly method?: string
  /** Sent as JSON, with `POST` unless another method is given. */
  readonly json?: unknown
  readonly token?: string
  /** Where it is asked; the API's public address unless given. */
  readonly at?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export interface Answer<T> {
  readonly status: number
  readonly headers: Headers
  /** JSON as what it says, anything else as text. */
  readonly body: T
}

/** Asks the API over HTTP. Throws when it does not answer, and for no status. */
export async function ask<T = unknown>(path: string, request: Request = {}): Promise<Answer<T>> {
  const { json, token, body } = request
  const headers = new Headers(request.headers)
  if (json !== undefined) headers.set('content-type', 'application/json')
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  const sent = json === undefined ? body : JSON.stringify(json)
  const response = await fetch(`${request.at ?? apiUrl}${path}`, {
    method: request.method ?? (sent === undefined ? 'GET' : 'POST'),
    headers,
    ...(sent !== undefined && { body: sent }),
    signal: AbortSignal.timeout(30_000),
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T }
}

/** A session of the customer that every installation has. */
export async function signIn(): Promise<string> {
  const { status, body } = await ask<{ token: string }>('/v1/session', { json: demo })
  if (status !== 201) throw new Error(`signing in was answered with ${status}: ${JSON.stringify(body)}`)
  return body.token
}

export async function cartWith(productSlug: string, quantity = 1): Promise<Cart> {
  const { body: cart } = await ask<Cart>('/v1/carts', { method: 'POST' })
  return (await ask<Cart>(`/v1/carts/${cart.id}/items`, { json: { productSlug, quantity } })).body
}

export async function stockOf(slug: string): Promise<number> {
  return (await ask<Product>(`/v1/products/${slug}`)).body.stock
}

function address(variable: string, otherwise: string): string {
  return (set(variable) ?? otherwise).replace(/\/+$/, '')
}

function set(variable: string): string | undefined {
  return process.env[variable] || undefined
}
