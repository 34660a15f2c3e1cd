import { z } from 'zod'
import type { EdgeContext } from '../release-context.ts'
import type { Step } from '../step.ts'
import type { Built } from './build.ts'

/** Puts the static files of the new pages where the edge finds them, before any page asks. They are kept for pages that are already open, so there is nothing to undo. */
export const publishAssets: Step<EdgeContext, Built> = {
  name: 'publish-assets',
  title: 'Publish static files',
  gives: z.object({}),
  async run({ app, release, edge, signal }, { artifacts }) {
    for (const artifact of Object.values(artifacts)) {
      for (const { directory, urlPrefix } of artifact.assets) {
        await edge.publish({ app, release: release.number, service: artifact.service, directory: `${artifact.files}/${directory}`, urlPrefix }, signal)
      }
    }
    return {}
  },
}
