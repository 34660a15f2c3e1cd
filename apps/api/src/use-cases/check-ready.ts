import { appNameSchema } from '@plimsoll/model'
import type { Services } from '../services.ts'

/** No app can be called so by accident: it asks the edge about nothing. */
const nobody = appNameSchema.parse('plimsoll-readiness')

/**
 * Throws `DATABASE_DOWN` or `EDGE_DOWN`, which are answered with 503: without either no release can be made. As one of several units Plimsoll is ready
 * with the database: its edge comes with the first app.
 */
export async function checkReady({ services: { store, edge }, asUnit }: { readonly services: Pick<Services, 'store' | 'edge'>; readonly asUnit: boolean }, signal: AbortSignal): Promise<{ ok: true }> {
  await Promise.all([store.apps.find(nobody), asUnit ? undefined : edge.live(nobody, signal)])
  return { ok: true }
}
