import { nextApps } from '../next-app.ts'
import { placeIn } from '../place.ts'
import type { Rule } from '../rule.ts'

export const nextDeploymentId: Rule = {
  id: 'next-deployment-id',
  severity: 'warning',
  holds: 'deploymentId is not the same text for every release.',
  why: 'It wins over NEXT_DEPLOYMENT_ID, so that pages of the release before are not told apart from those of the new one.',
  *find(subject) {
    for (const { file, config } of nextApps(subject)) {
      const at = config.search(/\bdeploymentId\s*:\s*(?:'[^']+'|"[^"]+"|`[^`$]+`)/)
      if (at !== -1) yield { place: placeIn(config, at), file, message: 'deploymentId is a fixed text', fix: 'remove it, and set NEXT_DEPLOYMENT_ID at build time' }
    }
  },
}
