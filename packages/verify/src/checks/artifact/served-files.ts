import type { Artifact, UnitSpec } from '@plimsoll/model'
import { filesBelow, ownPart } from './files-below.ts'

/** The files of an artifact, by who gets to see them. Paths are relative to the artifact's files. */
export interface OwnFiles {
  /** What a browser can fetch as it lies there. */
  readonly served: readonly string[]
  /** Pages that were rendered when the app was built: their bytes reach browsers as well. */
  readonly prerendered: readonly string[]
  /** What only the service itself reads. */
  readonly server: readonly string[]
}

const rendered = /(?:^|\/)\.next\/server\/(?:app|pages)\/.*\.(?:html|rsc|body|json)$/
/** What Next.js writes about a page beside it, for itself. */
const aboutPages = /(?:manifest|\.nft)\.json$/
const publicDirectory = /(?:^|\/)public\//

/** Sorts what an artifact holds of the app's own; what was installed is in none of the three. */
export async function ownFilesOf({ files, assets }: Artifact, spec: UnitSpec | undefined): Promise<OwnFiles> {
  const all = await filesBelow(files, ownPart)
  if (spec?.kind === 'static') return { served: all, prerendered: [], server: [] }
  const trees = assets.map(({ directory }) => `${directory}/`)
  const isServed = (path: string): boolean => trees.some((tree) => path.startsWith(tree)) || (spec?.kind === 'web' && publicDirectory.test(path))
  const isRendered = (path: string): boolean => rendered.test(path) && !aboutPages.test(path)
  const served = all.filter(isServed)
  const prerendered = all.filter((path) => !isServed(path) && isRendered(path))
  return { served, prerendered, server: all.filter((path) => !isServed(path) && !isRendered(path)) }
}

const textual = /\.(?:[cm]?js|css|html?|json|map|txt|xml|svg|rsc|body|webmanifest|meta|ya?ml|[cm]?tsx?|env[.\w]*)$|(?:^|\/)\.?[\w-]+$/

/** Whether a file can hold words. */
export function isText(path: string): boolean {
  return textual.test(path)
}
