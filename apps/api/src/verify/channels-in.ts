import { PlimsollError } from '@plimsoll/model'
import { channelsSchema, type Channels } from '@plimsoll/verify/notify'

/** Who is told, by what `plimsoll.config.ts` says. Throws `CONFIG_INVALID` with every mistake. */
export function channelsIn({ notify: given }: { readonly notify?: unknown }): Channels | undefined {
  if (given === undefined) return undefined
  const read = channelsSchema.safeParse(given)
  if (read.success) return read.data
  const faults = read.error.issues.map((issue) => `${['notify', ...issue.path].join('.')}: ${issue.message}`)
  throw new PlimsollError('CONFIG_INVALID', `plimsoll.config.ts names nobody whom it could tell: ${faults.join('; ')}`)
}
