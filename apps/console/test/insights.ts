import { buildsSchema, environmentViewSchema, releaseChangesSchema, type Builds, type EnvironmentView, type ReleaseChanges } from '@plimsoll/model'
import { minutesAgo } from './storefront.ts'

const commit = (id: string, subject: string, author = 'Ada Lovelace') => ({ id: id.repeat(40).slice(0, 40), author, subject, at: minutesAgo(240) })

/** A release that changes something of everything. */
export function changes(release: number, against: number): ReleaseChanges {
  return releaseChangesSchema.parse({
    app: 'storefront', release, against,
    commits: {
      is: 'known', dropped: { commits: [commit('d4', 'Hotfix: round VAT half up')], more: 0 }, caveats: ['The clone is shallow, so that commits may be missing'],
      added: { more: 3, commits: [commit('9f', 'Let customers keep a cart for 30 days'), commit('8e', 'Say <b>when</b> a parcel comes'), commit('7d', 'A subject that goes on for so long that it cannot possibly stand in one line of a narrow telephone, as subjects of real commits do'), commit('6c', '', 'Bo'), commit('5b', 'Format'), commit('4a', 'Update dependencies', 'renovate[bot]')] },
    },
    environment: { is: 'known', variables: [
      { service: 'api', key: 'STRIPE_SECRET_KEY', is: 'changed', origin: 'plimsoll env set' },
      { service: 'api', key: 'CART_DAYS', is: 'added', origin: 'value' },
      { service: 'web', key: 'NEXT_PUBLIC_API_URL', is: 'moved', origin: 'fromService api RENDER_EXTERNAL_URL', was: 'value' },
      { service: 'worker', key: 'LEGACY_QUEUE', is: 'removed', origin: 'group "queues"' },
    ] },
    artifacts: { is: 'known', services: [{ service: 'web', is: 'changed', sizeBytes: 38_400_000, wasBytes: 37_100_000 }, { service: 'api', is: 'changed', sizeBytes: 8_900_000, wasBytes: 9_200_000 }, { service: 'worker', is: 'same', sizeBytes: 8_100_000, wasBytes: 8_100_000 }, { service: 'help', is: 'added', sizeBytes: 410_000 }, { service: 'old-admin', is: 'removed', wasBytes: 5_400_000 }] },
    schema: { is: 'known', steps: [{ release, isKnown: true, finding: 'The live release can meet what changes: column orders.note is dropped', hurts: true, changes: ['column orders.note is dropped', 'table deliveries is new'] }] },
  })
}

const variable = (key: string, origin: string, more: object = {}) => ({ key, origin, state: 'set', ...more })

export const environment: EnvironmentView = environmentViewSchema.parse({
  app: 'storefront', release: 15, file: 'render.yaml',
  given: [{ keptAs: 'api/STRIPE_SECRET_KEY', isSet: true, services: ['api'] }, { keptAs: 'api/SMTP_PASSWORD', isSet: false, services: ['api', 'worker'] }],
  unused: ['api/PAYPAL_KEY'], command: 'plimsoll env set --app storefront api/SMTP_PASSWORD=…',
  services: [
    { service: 'web', kind: 'web', variables: [variable('API_URL', 'fromService api.hostport'), variable('NEXT_PUBLIC_SHOP_NAME', 'group "shop"', { atBuildOnly: true }), variable('NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', 'made by Plimsoll, once per app'), variable('NODE_ENV', 'injected'), variable('PORT', 'injected')] },
    { service: 'api', kind: 'web', variables: [variable('DATABASE_URL', 'fromDatabase shop-db.connectionString'), variable('SESSION_SECRET', 'generated', { state: 'to come', keptAs: 'api/SESSION_SECRET' }), variable('SMTP_PASSWORD', 'plimsoll env set', { state: 'missing', keptAs: 'api/SMTP_PASSWORD' }), variable('STRIPE_SECRET_KEY', 'plimsoll env set', { keptAs: 'api/STRIPE_SECRET_KEY' })] },
    { service: 'help', kind: 'static', variables: [] },
  ],
})

export const builds: Builds = buildsSchema.parse({
  app: 'storefront', times: { p50Ms: 21_400, p95Ms: 74_000, count: 12, barMs: 300_000 },
  releases: [
    { release: 14, at: minutesAgo(31), tookMs: 27_600, criticalPath: ['api', 'worker'], services: [
      { service: 'web', fresh: true, tookMs: 20_900, waitedMs: 90, sizeBytes: 38_400_000, wasBytes: 37_100_000, why: 'changed since release 13: its files' },
      { service: 'api', fresh: true, tookMs: 14_300, waitedMs: 88, sizeBytes: 8_900_000, wasBytes: 8_900_000, why: 'a variable has another value' },
      { service: 'worker', fresh: true, tookMs: 27_500, waitedMs: 14_310, sizeBytes: 8_100_000, wasBytes: 8_300_000, why: 'changed since release 13: its files, its commands, the tools that build it' },
      { service: 'help', fresh: false, tookMs: 60, sizeBytes: 410_000, wasBytes: 410_000, why: 'the same as for release 11' },
    ] },
    { release: 13, at: minutesAgo(190), tookMs: 120, criticalPath: [], services: [{ service: 'web', fresh: false, tookMs: 80, sizeBytes: 37_100_000 }] },
  ],
})
