import { appNameSchema, type AppName } from '@plimsoll/model'

/** The app that a copy is to its place: no App of a person's is called so, and what is found under it can be thrown away. */
export function copyName(id: string, copy: number | string): AppName {
  return appNameSchema.parse(`plimsoll-v-${id}-${copy}`)
}

/** Everything under which a verification that raised `copies` may have left something. */
export function copyNames(id: string, copies: number): readonly AppName[] {
  const numbers = Array.from({ length: copies }, (_, number) => String(number))
  return ['migrated', 'live', 'live-migrated'].concat(numbers).map((copy) => copyName(id, copy))
}
