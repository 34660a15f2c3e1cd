import { createHash } from 'node:crypto'
import { appNameSchema, slugOf, type AppName } from '@plimsoll/model'

/** What a preview is of: a pull request, or a branch. */
export interface PreviewOf {
  readonly of: AppName
  readonly pull: number | null
  readonly branch: string | null
}

/** What follows it in a host name and in names of units is long, too. */
const longest = 48

/** Names that a preview can have, the best first; the second one is for when another app has the first. */
export function namesFor({ of, pull, branch }: PreviewOf): readonly AppName[] {
  const what = pull === null ? slugOf(branch ?? '') : `pr-${pull}`
  const mark = createHash('sha256').update(JSON.stringify([of, pull, branch])).digest('hex').slice(0, 6)
  const plain = `${of}-${what}`
  const marked = `${plain.slice(0, longest - mark.length - 1).replace(/-+$/, '')}-${mark}`
  return [...(plain.length <= longest ? [plain] : []), marked].map((name) => appNameSchema.parse(name))
}
