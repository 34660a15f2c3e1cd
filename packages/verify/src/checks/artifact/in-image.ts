import type { Artifact } from '@plimsoll/model'
import type { Finding } from '../../rehearsal/rehearsal-check.ts'
import type { Rehearsal } from '../../rehearsal/rehearsal.ts'

/** The artifacts of which this machine has no more than what browsers get; the rest is in their images. Of a static site that is all there is. */
export function inImages({ artifacts, specs }: Pick<Rehearsal, 'artifacts' | 'specs'>): readonly Artifact[] {
  const sites = new Set<string>(specs.filter(({ kind }) => kind === 'static').map(({ service }) => service))
  return Object.values(artifacts).filter(({ layout, service }) => layout === 'image' && !sites.has(service))
}

/** That nobody has looked for `what` in those. */
export function notHere(rehearsal: Pick<Rehearsal, 'artifacts' | 'specs'>, what: string): readonly Finding[] {
  const inside = inImages(rehearsal).map(({ service }) => service)
  if (inside.length === 0) return []
  return [{ is: 'skipped', finding: `What ${inside.join(', ')} hold besides what browsers get is in their images, whose files are not on this machine: ${what} were not looked for there` }]
}
