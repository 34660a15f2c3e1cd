import { verificationSchema, type AskedCheck, type Concern, type Verdict, type Verification } from '@plimsoll/model'

const began = Date.parse('2026-01-01T12:00:00.000Z')

/** The moment `ms` after the sample began. */
export function at(ms: number): string {
  return new Date(began + ms).toISOString()
}

type Answer = Partial<Omit<Verdict, 'check' | 'tookMs' | 'service'>> & { readonly service?: string }

/** A check with its answers; each is a pass unless it says otherwise. */
export function asked(id: string, concern: Concern, { title = `${id} holds`, from = 0, took = 1000, after = [] as readonly string[], answers = [{}] as readonly Answer[] } = {}): AskedCheck {
  const verdicts = answers.map((answer) => ({ is: 'pass', finding: `${id} was seen`, ...answer, check: id, tookMs: took }))
  return { id, title, concern, startedAt: at(from), tookMs: took, after: [...after], verdicts: verdicts as Verdict[] }
}

/** A verification that passed, with whatever is laid over it. */
export function verification(over: Partial<Record<keyof Verification, unknown>> = {}): Verification {
  return verificationSchema.parse({
    version: 1, id: '7k2m9q4x', app: 'storefront', place: 'process', blueprint: `sha256:${'c'.repeat(64)}`, state: 'passed', seed: 4711, directory: '/nowhere',
    source: { root: '/src/storefront', blueprint: 'render.yaml', commit: '6f61611aa0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5', branch: 'checkout', subject: 'The shop opens', dirty: false },
    startedAt: at(0), endedAt: at(41_000), against: 4,
    artifacts: [{ service: 'api', digest: `sha256:${'a'.repeat(64)}`, inputs: `sha256:${'b'.repeat(64)}`, sizeBytes: 18_400_000 }],
    checks: [asked('boot.start', 'health', { from: 4000, took: 2000 }), asked('web.pages', 'web', { from: 6000, took: 35_000, after: ['boot.start'] })],
    ...over,
  })
}

/** Blocked, with something of everything that a report can have to show. */
export function blockedVerification(over: Partial<Record<keyof Verification, unknown>> = {}): Verification {
  const bootFailed = { is: 'skipped', because: 'boot.start', finding: 'Not asked, because boot.start failed' } as const
  const skipped = (id: string, concern: Concern, title: string): AskedCheck => asked(id, concern, { title, from: 9000, took: 0, after: ['boot.start'], answers: [bootFailed] })
  return verification({
    state: 'blocked', endedAt: at(41_300),
    checks: [
      asked('blueprint.resolves', 'blueprint', { title: 'Everything that the Blueprint names exists', from: 1100, took: 40 }),
      asked('environment.declared', 'environment', { title: 'Every variable that the code reads is declared', from: 1100, took: 620, answers: [{ service: 'web' }, { service: 'api', is: 'fail', weight: 'advice', finding: 'api reads STRIPE_KEY, which render.yaml does not declare', hint: 'Declare it with sync: false' }] }),
      asked('boot.start', 'health', { title: 'Every service starts with its own startCommand', from: 5200, took: 3900, answers: [{ service: 'web', finding: 'Healthy after 1.4 s' }, { service: 'api', is: 'fail', finding: 'api exited with code 1 before it was healthy', reproduce: 'cd artifact/api && PORT=4100 node dist/server.js --config "./config/production.json" --log-level debug', hint: 'Run its build: dist/server.js is not in the artifact', evidence: [{ title: 'Its last lines', text: "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module '/artifact/api/dist/server.js'\n    at Function._resolveFilename (node:internal/modules/cjs/loader:1225:15)\n    at Function._load (node:internal/modules/cjs/loader:1055:27)" }] }] }),
      ...(['health.honest', 'health.port'] as const).map((id) => skipped(id, 'health', id === 'health.port' ? 'PORT is honoured' : 'Health tells when the database is away')),
      skipped('services.edges', 'services', 'Every edge of the wiring carries traffic'), skipped('services.cut', 'services', 'A cut edge gives a controlled error'),
      skipped('auth.protected', 'auth', 'Protected routes refuse without credentials'), skipped('errors.generated', 'errors', 'No generated request gives a 5xx'),
      skipped('shutdown.graceful', 'shutdown', 'Requests in flight complete on SIGTERM'),
      asked('web.pages', 'web', { title: 'Pages load without an error', from: 9200, took: 21_000, answers: [{ service: 'web', is: 'fail', finding: '/products answers 200 and shows an error boundary', reproduce: 'chromium --headless --screenshot http://127.0.0.1:4300/products', evidence: [{ title: '/products as it was seen', file: 'pages/products.png' }, { title: 'Console', text: 'TypeError: Failed to fetch' }] }] }),
      asked('web.axe', 'web', { title: 'Pages can be used by everybody', from: 30_300, took: 2000, answers: [{ is: 'fail', weight: 'advice', finding: 'A button on /cart has no name' }] }),
      asked('database.migrations', 'database', { title: 'Migrations run on a clone of the live schema', from: 2000, took: 3100, answers: [{ finding: '4 migrations, longest lock 12 ms' }] }),
      asked('database.old-code', 'database', { title: 'The live release works on the migrated schema', from: 5200, took: 30_000, answers: [{ is: 'inconclusive', finding: 'Could not be found out: it had no answer after 30 s', hint: 'See the log of api' }] }),
      asked('load.compare', 'load', { title: 'The candidate is as fast as what is live', from: 41_000, took: 0, answers: [{ is: 'skipped', finding: 'There was nothing to ask' }] }),
      asked('artifact.files', 'artifact', { title: 'Nothing is in an artifact that does not belong there', from: 1100, took: 800, answers: [{ service: 'api' }, { service: 'web' }] }),
      asked('suites.run', 'suites', { title: "The repository's own suites pass", from: 35_300, took: 5800, answers: [{ is: 'fail', finding: '1 test of journeys failed', reproduce: 'pnpm turbo run test:e2e' }] }),
    ],
    suites: [
      { name: 'journeys', command: 'pnpm turbo run test:e2e', is: 'failed', startedAt: at(35_300), tookMs: 5800, log: ['3 passed', '1 failed'], tests: [
        { name: 'checkout › pays with a card', file: 'e2e/checkout.spec.ts', is: 'failed', tookMs: 2100, attempts: 2, message: 'Expected: "Thank you"\nReceived: "Something went wrong"' },
        { name: 'cart › keeps its items', file: 'e2e/cart.spec.ts', is: 'flaky', tookMs: 900, attempts: 2, message: 'Timed out' },
        { name: 'search › finds a product', is: 'failed', tookMs: 400, attempts: 2, message: 'no results', quarantined: { owner: 'lena', reason: 'the index is rebuilt', until: '2026-01-14' } },
        { name: 'home › shows the shop', file: 'e2e/home.spec.ts', is: 'passed', tookMs: 300, attempts: 1 },
      ] },
      { name: 'unit', command: 'pnpm test', is: 'passed', startedAt: at(35_300), tookMs: 1900, log: [], tests: [{ name: 'adds', is: 'passed', tookMs: 3, attempts: 1 }] },
    ],
    coverage: { total: { lines: 1200, covered: 1011 }, changed: { lines: 48, covered: 31 }, files: [{ file: 'apps/api/src/orders.ts', lines: 120, covered: 61 }, { file: 'apps/api/src/app.ts', lines: 80, covered: 80 }] },
    notices: [{ channel: 'slack', to: 'hooks.slack.com', is: 'delivered', tries: 1 }, { channel: 'email', to: 'team@example.org', is: 'undelivered', tries: 4, why: 'the server answered 451 four times' }],
    ...over,
  })
}
