import { copyName, type AppName } from '@plimsoll/model'

/** Everything under which a verification that raised `copies` may have left something. */
export function copyNames(id: string, copies: number): readonly AppName[] {
  const numbers = Array.from({ length: copies }, (_, number) => String(number))
  return ['migrated', 'live', 'live-migrated'].concat(numbers).map((copy) => copyName(id, copy))
}
