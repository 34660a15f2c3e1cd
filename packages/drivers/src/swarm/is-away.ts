import { isPlimsollError } from '@plimsoll/model'

/** That this engine does not answer; another one may. */
export function isAway(error: unknown): boolean {
  return isPlimsollError(error) && error.code === 'ENGINE_DOWN'
}
