import { appNameSchema, PlimsollError, releaseNumberSchema, type AppName, type ReleaseNumber } from '@plimsoll/model'

/** The app that a path is about. Throws `USAGE`. */
export function appIn(params: Readonly<Record<string, string>>): AppName {
  const read = appNameSchema.safeParse(params['app'])
  if (read.success) return read.data
  throw new PlimsollError('USAGE', `"${params['app'] ?? ''}" cannot be the name of an app`, { hint: 'Lower-case letters, digits and hyphens; at most 63.' })
}

/** The release that a path is about. Throws `USAGE`. */
export function releaseIn(params: Readonly<Record<string, string>>): ReleaseNumber {
  const read = releaseNumberSchema.safeParse(Number(params['release']))
  if (read.success) return read.data
  throw new PlimsollError('USAGE', `"${params['release'] ?? ''}" is not a release's number`)
}
