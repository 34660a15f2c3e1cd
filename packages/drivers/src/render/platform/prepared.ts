import type { Change, Prepared } from '@plimsoll/engine'
import type { Making } from './making.ts'

/** A change with what is sent to make it. */
export function prepared(change: Pick<Change, 'is' | 'what' | 'name'> & Partial<Change>, making: Making): Prepared {
  return { change: { fields: [], services: [], ...change }, making }
}
