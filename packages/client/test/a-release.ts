import { releaseSchema, type Release } from '@plimsoll/model'

/** A release as the API tells it. */
export function aRelease(given: Partial<Release> = {}): Release {
  return releaseSchema.parse({
    app: 'storefront', number: 3, kind: 'release', state: 'releasing', steps: [{ name: 'plan', title: 'Read the Blueprint' }, { name: 'build', title: 'Build what changed' }],
    source: { root: '/srv/storefront', blueprint: 'render.yaml', dirty: false }, startedAt: '2026-11-22T09:00:00.000Z', ...given,
  })
}
