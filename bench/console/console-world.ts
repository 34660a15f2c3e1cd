import { admin, type World } from '../../apps/console/test/fake-api.ts'
import { after, app, audit, completed, detail, journalOf, line, minutesAgo, release, tokens, undone, users } from '../../apps/console/test/storefront.ts'
import { blocked, passed } from '../../apps/console/test/verified.ts'

/** A small shop: release 15 builds, 14 was taken back, 13 is live, 12 is warm. */
export function consoleWorld(): World {
  const warm = completed(12, { state: 'previous', startedAt: minutesAgo(1600), before: 11 })
  const live = completed(13, { startedAt: minutesAgo(190), before: 12 })
  const begun = release(15, { startedAt: minutesAgo(0.1) })
  const journal = journalOf(begun, { done: 2 })
  const running = detail(begun, [...journal, { is: 'started', step: 'build', at: after(journal) }])
  return {
    apps: [app(live.release, { underWay: running.release, previous: [12] })], releases: [running, undone(14, { startedAt: minutesAgo(31) }), live, warm],
    logs: [line('web', 'GET / 200 in 12ms'), line('api', 'GET /v1/products 200')], verifications: [blocked, passed], who: admin, users, tokens, audit,
  }
}
