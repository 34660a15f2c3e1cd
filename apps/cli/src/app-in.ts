import { basename, resolve } from 'node:path'
import { appNameSchema, PlimsollError, slugOf, type AppName } from '@plimsoll/model'
import type { Session } from './session.ts'

/** Options that say which app is meant. */
export interface AppOptions {
  readonly app?: string
}

/** The directory that is meant: the argument, else where the command was typed. Absolute. */
export function directoryIn(session: Session, directory: string | undefined): string {
  return resolve(session.directory, directory ?? '.')
}

/** The app that is meant: `--app`, else the name of the directory. Throws `USAGE` for what cannot be a name. */
export function appIn(directory: string, { app }: AppOptions): AppName {
  const read = appNameSchema.safeParse(app ?? slugOf(basename(directory)))
  if (read.success) return read.data
  throw new PlimsollError('USAGE', `"${app ?? ''}" cannot be the name of an app`, { hint: 'Lower-case letters, digits and hyphens; at most 63.' })
}
