import { verdictsOf } from '@plimsoll/model'
import { admin, type World } from './fake-api.ts'
import { after, app, audit, completed, detail, journalOf, line, minutesAgo, release, tokens, undone, users } from './storefront.ts'
import { channels, deliveries, hook, hookEvents, previews } from './told.ts'
import { instances, takenOver } from './traffic.ts'
import { blocked, passed } from './verified.ts'

/** Every page there is, with something on it in {@link wholeConsole}: name → path. */
export const pagesOfConsole = {
  overview: '/',
  app: '/apps/storefront',
  'release-live': '/apps/storefront/releases/13',
  'release-undone': '/apps/storefront/releases/14',
  'release-under-way': '/apps/storefront/releases/15',
  changes: '/apps/storefront/releases/12/changes?against=13',
  environment: '/apps/storefront/environment',
  builds: '/apps/storefront/builds',
  verification: '/apps/storefront/verifications/mb4k2',
  releases: '/apps/storefront/releases',
  verifications: '/apps/storefront/verifications',
  success: '/apps/storefront/success',
  instances: '/apps/storefront/instances',
  people: '/people',
  tokens: '/tokens',
  account: '/account',
  audit: '/audit',
  notifications: '/notifications',
  github: '/apps/storefront/github',
  previews: '/apps/storefront/previews',
  'sign-in': '/sign-in',
  join: '/join/invited',
} as const

/** Release 15 builds, 14 was taken back, 13 is live, 12 is warm. */
export function wholeConsole(): World {
  const warm = completed(12, { state: 'previous', startedAt: minutesAgo(1600), subject: 'Fix rounding of VAT in order mails', before: 11 })
  const live = { ...completed(13, { startedAt: minutesAgo(190), subject: 'Let customers keep a cart for 30 days', before: 12 }), proof: { verification: passed.id, reused: false, verdicts: [...verdictsOf(passed)] } }
  const failed = undone(14, { startedAt: minutesAgo(31), subject: 'Show the delivery date on the product page' })
  const begun = release(15, { startedAt: minutesAgo(0.1) })
  const journal = journalOf(begun, { done: 2 })
  const running = detail(begun, [...journal, { is: 'started', step: 'build', at: after(journal) }])
  return { apps: [app(live.release, { underWay: running.release, previous: [12] })], releases: [running, failed, live, warm], logs: [line('web', 'GET / 200 in 12ms'), line('api', 'GET /v1/products 200')], verifications: [blocked, passed], hasSample: true, traffic: { 13: takenOver(13, 12), 15: takenOver(15, 13, { painting: true, seconds: 30 }) }, instances: instances(13, 12), who: admin, users, tokens, audit, channels, deliveries, hook, hookEvents, previews }
}

