import type { Address } from '@plimsoll/model'
import { findOperations } from './find-operations.ts'

/** Paths that a service's OpenAPI document names for reading and that can be asked as they are: no parameter is needed. None where it keeps no document. */
export async function freeReadsOf(address: Address, signal: AbortSignal): Promise<readonly string[]> {
  const operations = (await findOperations(address, signal)) ?? []
  return operations.filter(({ method, path, parameters }) => method === 'GET' && !path.includes('{') && !parameters.some(({ required }) => required)).map(({ path }) => path)
}
