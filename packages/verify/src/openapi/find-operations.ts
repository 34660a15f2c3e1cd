import type { Address } from '@plimsoll/model'
import { exchange } from '../exchange.ts'
import { operationsIn, type Operation } from './operations.ts'

/** Where services of this field commonly keep their OpenAPI document. */
export const documentPaths = [
  '/documentation/json', '/docs/json', '/openapi.json', '/swagger.json', '/api/documentation/json', '/api/docs/json', '/api/openapi.json', '/api/swagger.json', '/api-docs/json',
] as const

/** What a service says it can be asked; undefined where it keeps no document in a usual place. */
export async function findOperations(address: Address, signal: AbortSignal): Promise<readonly Operation[] | undefined> {
  for (const path of documentPaths) {
    const reply = await exchange({ address, path, timeoutMs: 5_000 }, signal)
    if (reply.is === 'none' || reply.status !== 200) continue
    const operations = operationsIn(parsed(reply.body))
    if (operations.length > 0) return operations
  }
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A page for people, or something else altogether.
    return undefined
  }
}
