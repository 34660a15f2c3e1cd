import { appNameSchema, PlimsollError, type AppName } from '@plimsoll/model'

/** The app that a path names. Throws `USAGE` for what no app can be called. */
export function appIn(params: Readonly<Record<string, string>>): AppName {
  const read = appNameSchema.safeParse(params['app'])
  if (read.success) return read.data
  throw new PlimsollError('USAGE', `"${params['app'] ?? ''}" cannot be the name of an app`, { hint: 'Lower-case letters, digits and hyphens; at most 63.' })
}
