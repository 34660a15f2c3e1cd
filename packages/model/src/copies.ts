import { appNameSchema, type AppName } from './names.ts'

const form = /^(plimsoll-v-[0-9a-z]+)(?:-[0-9a-z-]+)?$/

/** The app that a copy of a verification is to its place: no App of a person's is called so, and what is found under it can be thrown away. */
export function copyName(verification: string, copy: number | string): AppName {
  return appNameSchema.parse(`plimsoll-v-${verification}-${copy}`)
}

/** To whom belongs what the copies of a verification have together, such as servers of databases. */
export function ownerOfCopies(verification: string): AppName {
  return appNameSchema.parse(`plimsoll-v-${verification}`)
}

/** That of a copy, and of itself; undefined for an App of a person's. */
export function ownerOfCopy(app: AppName): AppName | undefined {
  const [, owner] = form.exec(app) ?? []
  return owner === undefined ? undefined : appNameSchema.parse(owner)
}
