import { stat } from 'node:fs/promises'
import path from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { addTree, mayShip, type FilePlan } from './file-plan.ts'
import type { Layout } from './layout.ts'

/** A static site: the directory that it publishes, at its own place. */
export const published: Layout = {
  name: 'published',
  whenBroken: 'fail',
  async select({ root, spec }) {
    if (spec.kind !== 'static') return undefined
    const wanted = spec.staticSite?.publishPath ?? ''
    // Render's documents disagree on the base of this path; the service's own directory is tried first.
    const places = [...new Set([path.posix.join(spec.rootDir, wanted), path.posix.join(wanted)])].map((place) => place.replace(/\/+$/, ''))
    for (const place of places) {
      const found = await stat(path.join(root, place)).catch(() => undefined)
      if (found?.isDirectory() !== true || place.startsWith('..')) continue
      const plan: FilePlan = new Map()
      await addTree(plan, root, { from: place, keep: (file) => mayShip(path.posix.basename(file)) && path.posix.basename(file) !== 'node_modules' })
      return { plan, assets: [], entries: [] }
    }
    throw new PlimsollError('ARTIFACT_BROKEN', `${spec.service}: the build left no directory ${wanted} to publish`, {
      hint: `compare staticPublishPath in the Blueprint with what buildCommand writes`,
      details: { service: spec.service, looked: places },
    })
  },
}
