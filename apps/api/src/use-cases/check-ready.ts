import { appNameSchema } from '@plimsoll/model'
import type { Services } from '../services.ts'

/** No app can be called so by accident: it asks the edge about nothing. */
const nobody = appNameSchema.parse('plimsoll-readiness')

/** Throws `DATABASE_DOWN` or `EDGE_DOWN`, which are answered with 503: without either no release can be made. */
export async function checkReady({ store, edge }: Pick<Services, 'store' | 'edge'>, signal: AbortSignal): Promise<{ ok: true }> {
  await Promise.all([store.apps.find(nobody), edge.live(nobody, signal)])
  return { ok: true }
}
