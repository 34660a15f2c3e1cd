import { createHash } from 'node:crypto'
import { digestSchema, type Digest } from '@plimsoll/model'

/** Over the text of a Blueprint. */
export function blueprintDigest(text: string): Digest {
  return digestSchema.parse(`sha256:${createHash('sha256').update(text).digest('hex')}`)
}
