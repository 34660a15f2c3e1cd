import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The directory of the sample that is released to look around; undefined on an installation that has none, as an image of Plimsoll. */
export function findSample(): string | undefined {
  const root = join(import.meta.dirname, '../../../examples/storefront')
  return existsSync(join(root, 'render.yaml')) ? root : undefined
}
