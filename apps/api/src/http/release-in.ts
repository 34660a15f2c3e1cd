import { PlimsollError, releaseNumberSchema, type ReleaseNumber } from '@plimsoll/model'

/** The release that a path names. Throws `USAGE` for what is no number. */
export function releaseIn(params: Readonly<Record<string, string>>): ReleaseNumber {
  const read = releaseNumberSchema.safeParse(Number(params['release']))
  if (read.success) return read.data
  throw new PlimsollError('USAGE', `"${params['release'] ?? ''}" is not a release's number`)
}
