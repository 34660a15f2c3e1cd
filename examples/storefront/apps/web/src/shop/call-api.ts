import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@storefront/contract'
import type { z } from 'zod'
import { serverConfig } from './server-config'

/** The API answered, and said no. */
export class ApiRefusal extends Error {
  readonly status: number

  constructor(status: number, detail: string) {
    super(detail)
    this.status = status
  }
}

export interface ApiCall<T extends z.ZodType> {
  readonly path: string
  readonly answer: T
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly sessionToken?: string | undefined
  readonly idempotencyKey?: string | undefined
  /** Lets Next keep the answer for this long; everything else is asked for anew. */
  readonly revalidateSeconds?: number
}

const TIMEOUT_MS = 8_000
const RETRY_AFTER_MS = 200

export async function callApi<T extends z.ZodType>(call: ApiCall<T>): Promise<z.output<T>> {
  const response = await send(call)
  if (!response.ok) throw await refusalOf(response)
  return call.answer.parse(response.status === 204 ? null : await response.json())
}

/** A connection that breaks is tried once more, if the call may happen twice without harm. */
async function send(call: ApiCall<z.ZodType>): Promise<Response> {
  const repeatable = (call.method ?? 'GET') === 'GET' || call.idempotencyKey !== undefined
  try {
    return await sendOnce(call)
  } catch (error) {
    if (!repeatable) throw error
    await sleep(RETRY_AFTER_MS)
    return sendOnce(call)
  }
}

function sendOnce(call: ApiCall<z.ZodType>): Promise<Response> {
  const { apiUrl, internalToken } = serverConfig()
  const headers = new Headers({ accept: 'application/json' })
  if (internalToken) headers.set('x-internal-token', internalToken)
  if (call.sessionToken) headers.set('authorization', `Bearer ${call.sessionToken}`)
  if (call.idempotencyKey) headers.set('idempotency-key', call.idempotencyKey)
  if (call.body !== undefined) headers.set('content-type', 'application/json')
  return fetch(`${apiUrl}/v1${call.path}`, {
    method: call.method ?? 'GET',
    headers,
    body: call.body === undefined ? null : JSON.stringify(call.body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(call.revalidateSeconds === undefined
      ? { cache: 'no-store' }
      : { next: { revalidate: call.revalidateSeconds } }),
  })
}

async function refusalOf(response: Response): Promise<ApiRefusal> {
  const problem = Problem.safeParse(await response.json().catch(() => undefined))
  const detail = problem.success ? (problem.data.detail ?? problem.data.title) : response.statusText
  return new ApiRefusal(response.status, detail)
}
