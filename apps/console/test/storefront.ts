import { appNameSchema, appViewSchema, artifactSchema, auditEntrySchema, keptValueSchema, releaseDetailSchema, releaseSchema, verdictSchema, type AppView, type AuditEntry, type JournalEntry, type LogLine, type Problem, type Release, type ReleaseDetail, type Success, type Token, type User } from '@plimsoll/model'
import { z } from 'zod'

/** A world as the API of a small shop would tell it. Everything in it passes the schemas of the contract. */

export const steps = [
  { name: 'plan', title: 'Read the Blueprint' },
  { name: 'provision', title: 'Make databases ready' },
  { name: 'build', title: 'Build what changed' },
  { name: 'compare', title: 'Compare with what is live' },
  { name: 'publish-assets', title: 'Publish static files' },
  { name: 'migrate', title: 'Run pre-deploy commands', moment: 'data' as const },
  { name: 'start-candidate', title: 'Start beside what is live' },
  { name: 'verify', title: 'Check the candidate' },
  { name: 'shift-traffic', title: 'Switch all traffic at once', moment: 'switch' as const },
  { name: 'hand-over-workers', title: 'Hand work over to the new workers' },
  { name: 'retire-previous', title: 'Retire what is no longer needed', pointOfNoReturn: true as const },
]
const goBackSteps = [
  { name: 'choose-target', title: 'Find the release to go back to' },
  { name: 'warm-target', title: 'Make sure that it runs' },
  { name: 'shift-back', title: 'Switch all traffic back at once', moment: 'switch' as const },
  { name: 'hand-workers-back', title: 'Hand work back' },
  { name: 'retire-previous', title: 'Retire what is no longer needed', pointOfNoReturn: true as const },
]
const tookMs = [40, 310, 21_400, 120, 260, 1_900, 4_300, 2_750, 35, 1_200, 480]

export const minutesAgo = (minutes: number, now = Date.now()) => new Date(now - minutes * 60_000).toISOString()

interface Given extends Partial<Omit<Release, 'number' | 'source'>> {
  readonly subject?: string
  readonly commit?: string
  readonly dirty?: boolean
}

export function release(number: number, { subject = 'Show the delivery date in the cart', commit = '9f3c2a7d1e', dirty = false, ...given }: Given = {}): Release {
  return releaseSchema.parse({
    app: 'storefront', number, kind: 'release', state: 'releasing', steps: given.kind === 'rollback' ? goBackSteps : steps, startedAt: minutesAgo(0),
    source: { root: '/home/ada/storefront', blueprint: 'render.yaml', commit, branch: 'main', subject, dirty }, ...given,
  })
}

const traffic = (live: number) => ({ app: 'storefront', live: { release: live } })

/** The journal of a release whose first `done` steps went well, one after the other from its start. */
export function journalOf({ startedAt, steps: list }: Pick<Release, 'startedAt' | 'steps'>, { done, before = 13 }: { done: number; before?: number }): JournalEntry[] {
  let at = Date.parse(startedAt)
  return list.slice(0, done).flatMap(({ name }, i): JournalEntry[] => {
    const begun = new Date(at).toISOString()
    at += tookMs[i] ?? 100
    const gives = name === 'compare' || name === 'choose-target' ? { before: traffic(before) } : name === 'build' ? { artifacts: {} } : {}
    return [{ is: 'started', step: name, at: begun }, { is: 'done', step: name, at: new Date(at).toISOString(), gives }]
  })
}

/** The moment at which the last entry was written, and `ms` later. */
export function after(journal: readonly JournalEntry[], ms = 0): string {
  return new Date(Date.parse(journal.at(-1)?.at ?? minutesAgo(0)) + ms).toISOString()
}

const digest = (seed: string) => `sha256:${seed.repeat(64).slice(0, 64)}`
const artifacts = z.array(artifactSchema).parse([
  ['web', 'b1', 38_400_000, 1284, true, 20_900], ['api', '7c', 8_900_000, 61, true, 6_300], ['worker', 'e4', 8_100_000, 58, false, 0], ['help', '3a', 410_000, 23, false, 0],
].map(([service, seed, sizeBytes, fileCount, fresh, buildMs]) => ({
  service, digest: digest(String(seed)), inputs: digest('0d'), files: `/var/lib/plimsoll/artifacts/${seed}`, sizeBytes, fileCount, fresh, buildMs,
  layout: 'traced', assets: [], publicValues: {}, builtAt: minutesAgo(3),
})))

const verdicts = z.array(verdictSchema).parse([
  { check: 'health', service: 'web', is: 'pass', finding: 'web answers /healthz three times in a row', tookMs: 1_512 },
  { check: 'health', service: 'api', is: 'pass', finding: 'api answers /readyz three times in a row', tookMs: 1_508 },
  { check: 'web.pages', service: 'web', is: 'pass', finding: 'All 14 pages answer with status 200', tookMs: 640 },
  { check: 'wiring', service: 'web', is: 'pass', finding: 'web reaches api at the address that it was given', tookMs: 22 },
  { check: 'web.images', service: 'web', is: 'skipped', finding: 'No image is optimized by this web app', tookMs: 0 },
])

export function detail(of: Release, journal: readonly JournalEntry[], more: Partial<Pick<ReleaseDetail, 'artifacts' | 'verdicts'>> = {}): ReleaseDetail {
  return releaseDetailSchema.parse({ release: of, journal, artifacts: [], verdicts: [], keeps: {}, ...more })
}

export function completed(number: number, given: Given & { before?: number }): ReleaseDetail {
  const { before, ...rest } = given
  const begun = release(number, rest)
  const journal = journalOf(begun, { done: begun.steps.length, ...(before !== undefined && { before }) })
  return detail({ ...begun, state: given.state ?? 'live', endedAt: after(journal), outcome: { is: 'completed' } }, journal, begun.kind === 'release' ? { artifacts, verdicts } : {})
}

export const checksFailed: Problem = {
  code: 'CHECKS_FAILED',
  message: '1 of 14 checks failed: the page /cart of web answers with status 500',
  hint: 'See the page yourself: curl -i http://127.0.0.1:41873/cart',
  details: {
    log: [
      'GET /cart 500 in 38ms',
      "\u001B[31mTypeError\u001B[39m: Cannot read properties of undefined (reading 'deliveryDate')",
      '    at CartLine (apps/web/.next/server/app/cart/page.js:1:20431)',
      '    at renderWithHooks (apps/web/.next/server/chunks/ssr/react.js:2:11873)',
    ],
  },
}

/** A release that failed at its check and was taken back. */
export function undone(number: number, given: Given & { before?: number }): ReleaseDetail {
  const { before, ...rest } = given
  const begun = release(number, rest)
  const journal = journalOf(begun, { done: 7, ...(before !== undefined && { before }) })
  journal.push({ is: 'started', step: 'verify', at: after(journal) })
  journal.push({ is: 'failed', step: 'verify', at: after(journal, 2_310), problem: checksFailed })
  for (const { name } of steps.slice(0, 8).toReversed()) {
    if (name === 'start-candidate') journal.push({ is: 'undoing', step: name, at: after(journal) })
    journal.push({ is: 'undone', step: name, at: after(journal, 40) })
  }
  return detail({ ...begun, state: 'undone', endedAt: after(journal), outcome: { is: 'undone', at: 'verify', problem: checksFailed } }, journal, { artifacts })
}

export function line(service: string, text: string, given: Partial<Pick<LogLine, 'at' | 'stream'>> = {}): LogLine {
  return { at: new Date().toISOString(), service, stream: 'out', text, ...given } as LogLine
}

export const values = z.array(keptValueSchema).parse([
  { key: 'STRIPE_SECRET_KEY', service: 'api', origin: 'set' },
  { key: 'SMTP_PASSWORD', service: 'worker', origin: 'set' },
  { key: 'SESSION_SECRET', service: 'api', origin: 'generated' },
  { key: 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY', service: 'web', origin: 'generated' },
])

export function app(live: Release | null, given: Partial<Pick<AppView, 'underWay'>> & { previous?: number[] } = {}): AppView {
  const instance = (service: string, n: number, restarts = 0) => ({
    id: `${service}-${live?.number}-${n}`, unit: { name: `${service}-r${live?.number}`, service, release: live?.number }, state: 'running', pid: 4000 + n, restarts, startedAt: live?.startedAt,
  })
  const named = (service: string, port: number) => ({ url: `http://localhost:${port}`, namedUrl: `http://${service}.storefront.localhost:7700` })
  return appViewSchema.parse({
    name: 'storefront', root: '/home/ada/storefront', createdAt: minutesAgo(60 * 24 * 40), live, previous: [], underWay: null, back: given.previous?.[0],
    services: live === null ? [] : [
      { service: 'web', kind: 'web', ...named('web', 7701), instances: [instance('web', 1), instance('web', 2)] },
      { service: 'api', kind: 'web', ...named('api', 7702), instances: [instance('api', 3)] },
      { service: 'worker', kind: 'worker', instances: [instance('worker', 4, 2)] },
      { service: 'expire-carts', kind: 'cron', schedule: '*/15 * * * *', instances: [] },
      { service: 'help', kind: 'static', ...named('help', 7703), instances: [] },
    ],
    ...given,
  })
}

const shop = appNameSchema.parse('storefront')

export const users: User[] = [
  { id: 'ada', name: 'Ada', grants: [{ app: '*', role: 'admin' }], createdAt: minutesAgo(9_000), seenAt: minutesAgo(1), version: 1 },
  { id: 'bo', name: 'Bo <script>alert(1)</script>', grants: [{ app: shop, role: 'releaser' }], createdAt: minutesAgo(8_000), seenAt: null, version: 3 },
]
export const tokens: Token[] = [{ id: 't1', name: 'CI', grants: [{ app: shop, role: 'releaser' }], by: 'Ada', createdAt: minutesAgo(8_000), endsAt: minutesAgo(-90_000), seenAt: minutesAgo(30) }]
export const audit: AuditEntry[] = [
  auditEntrySchema.parse({ id: 3, at: minutesAgo(2), request: 'r3', who: { kind: 'user', id: 'bo', name: 'Bo' }, action: 'takeDown', app: 'storefront', outcome: 'refused', code: 'FORBIDDEN', details: { destroyData: true }, address: '10.0.0.7' }),
  auditEntrySchema.parse({ id: 2, at: minutesAgo(40), request: 'r2', who: { kind: 'token', id: 't1', name: 'CI' }, action: 'rollBack', app: 'storefront', outcome: 'allowed', code: null, details: { to: 12 }, address: '127.0.0.1' }),
  auditEntrySchema.parse({ id: 1, at: minutesAgo(41), request: 'r1', who: { kind: 'nobody', id: '', name: '' }, action: 'signIn', app: null, outcome: 'failed', code: 'UNAUTHORIZED', details: { name: '\u001B[31mroot' }, address: null }),
]

export const success: Success = {
  releases: 14, since: minutesAgo(20_000),
  metrics: [
    { id: 'lost-requests', title: 'Zero downtime', value: '0 lost in 12 switches', bar: 'no request lost', holds: 'yes', how: 'Counted.' },
    { id: 'success-rate', title: 'Deployment success', value: '13 of 14 releases (95 % interval: 68.5–98.7 %)', bar: '99 % or more', holds: 'no', how: 'Counted.' },
    { id: 'coverage', title: 'Test coverage', value: 'Not measured', bar: 'over 80 %', holds: 'not known', how: 'Measured.' },
  ],
  dora: [{ id: 'rework', title: 'Deployment rework rate', value: '1 of 14 releases (95 % interval: 1.3–31.5 %)', how: 'A guess.', inferred: true }],
}
