import { textOf, valueOf } from '@plimsoll/blueprint/inspect'
import type { Rule } from '../rule.ts'

export const imageTag: Rule = {
  id: 'image-tag',
  severity: 'warning',
  holds: 'An image is named by its digest.',
  why: 'A tag can move, so that a restart or a rollback pulls another image than the one that was released.',
  *find({ services }) {
    for (const { node } of services) {
      const image = valueOf(node, 'image')
      const place = valueOf(image, 'url')
      const url = textOf(image, 'url')
      if (place === undefined || url === undefined || url.includes('@sha256:')) continue
      yield { place, message: `"${url}" can mean another image tomorrow`, fix: 'name the image by its digest: …@sha256:…' }
    }
  },
}
