import { channelSchema, deliverySchema, hookEventSchema, hookSchema, previewSchema, topics, type Channel, type Delivery, type Hook, type HookEvent, type Preview } from '@plimsoll/model'
import { minutesAgo } from './storefront.ts'

const channel = (given: Partial<Channel> & Pick<Channel, 'id' | 'name' | 'kind' | 'to'>): Channel => channelSchema.parse({ app: '*', topics: [...topics], on: true, closed: null, createdAt: minutesAgo(9_000), version: 1, ...given })

/** Who is told: one that is well, and one whose receiver is gone. */
export const channels: Channel[] = [
  channel({ id: 'ops', name: 'Ops', kind: 'slack', to: 'hooks.slack.com' }),
  channel({ id: 'old', name: 'Old <b>tracker</b>', kind: 'webhook', to: 'tracker.example', topics: ['release.failed', 'release.needs-attention'], on: false, closed: { at: minutesAgo(60), why: 'it answered 410: gone' } }),
  channel({ id: 'mail', name: 'Lead', kind: 'email', to: 'lead@example.org, a-rather-long-address-of-somebody@subsidiary.example.org' }),
]

const delivery = (given: Partial<Delivery>): Delivery => deliverySchema.parse({ id: `d${given.headline}`, channel: { id: 'ops', name: 'Ops' }, app: 'storefront', topic: 'release.live', headline: 'Release 13 of storefront is live.', is: 'delivered', tries: 1, why: null, at: minutesAgo(12), nextAt: null, endedAt: minutesAgo(12), ...given })

export const deliveries: Delivery[] = [
  delivery({ is: 'waiting', headline: 'Release 14 of storefront failed at “Build what changed” and was taken back: what was live is live.', tries: 3, why: 'it answered 503: come back later', nextAt: minutesAgo(-4), endedAt: null, at: minutesAgo(2) }),
  delivery({}),
  delivery({ is: 'undelivered', headline: 'storefront has recovered: it may be released again.', why: 'it answered 410: gone', channel: { id: 'old', name: 'Old <b>tracker</b>' }, at: minutesAgo(60) }),
]

export const hook: Hook = hookSchema.parse({ app: 'storefront', repository: 'shop/storefront', branch: 'main', directory: '', server: 'https://github.com', onPush: 'release', onPullRequest: 'verify', forks: false, hasToken: true, createdAt: minutesAgo(9_000), version: 1 })

const said = (given: Partial<HookEvent>): HookEvent => hookEventSchema.parse({ delivery: `e${given.about}`, at: minutesAgo(9), event: 'push', about: 'push to main', is: 'done', why: null, release: null, verification: null, endedAt: minutesAgo(8), ...given })

export const hookEvents: HookEvent[] = [
  said({ about: 'pull request 7', event: 'pull_request', is: 'working', endedAt: null }),
  said({ release: hookEventSchema.shape.release.parse(13) }),
  said({ about: 'pull request 6', event: 'pull_request', is: 'ignored', why: 'it comes from a fork: what a stranger has written does not run here unless that is allowed' }),
]

const preview = (given: Partial<Preview>): Preview => previewSchema.parse({ app: 'storefront-pr-12', of: 'storefront', pull: 12, branch: null, commit: 'c0ffee1234567890c0ffee1234567890c0ffee12', data: 'clone', state: 'live', release: 3, addresses: [{ service: 'web', url: 'http://localhost:10021' }], why: null, createdAt: minutesAgo(900), updatedAt: minutesAgo(40), expiresAt: minutesAgo(-3_000), ...given })

/** One that can be looked at, and one that was made by hand and failed. */
export const previews: Preview[] = [
  preview({}),
  preview({ app: previewSchema.shape.app.parse('storefront-a-cart-that-is-kept-for-thirty-days'), pull: null, branch: 'a-cart/that-is-kept-for-thirty-days', state: 'failed', addresses: [], why: 'The preDeployCommand of api ended with status 1: node packages/db/dist/migrate.js', expiresAt: null }),
]
