import { constants } from 'node:os'

/** Shells and the engine tell of a signal by a status above 128. */
export function exitOf(status: number): { readonly code: number | null; readonly signal: string | null } {
  const [signal] = Object.entries(constants.signals).find(([, number]) => status === number + 128) ?? []
  return signal === undefined ? { code: status, signal: null } : { code: null, signal }
}
