import { type AppName, appNameSchema, type Release } from '@plimsoll/model'
import type { Store } from '../src/store.ts'

export const app = appNameSchema.parse('storefront')
export const at = '2026-11-22T10:00:00.000Z'
export const never = new AbortController().signal

/** An app with a release that has begun, and the fence under which it may be written. */
export async function beginRelease(store: Store, name: AppName = app): Promise<{ release: Release; fence: number }> {
  await store.apps.put({ name, root: '/srv/storefront', place: 'process', blueprint: 'render.yaml', entries: {}, createdAt: at })
  const lease = await store.leases.acquire(name, { holder: 'this test', waitMs: 0 }, never)
  const release = await store.releases.create({
    app: name,
    kind: 'release',
    state: 'releasing',
    source: { root: '/srv/storefront', blueprint: 'render.yaml', dirty: false },
    steps: [{ name: 'plan', title: 'Read the Blueprint' }],
    startedAt: at,
  })
  await lease.release()
  return { release, fence: lease.fence }
}
