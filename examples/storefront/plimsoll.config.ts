// What `plimsoll verify` runs besides its own checks. Where `@plimsoll/testing` is installed, defineConfig of '@plimsoll/testing/config'
// tells an editor what may be written here.
const services = ['web', 'api', 'worker']
const databases = ['storefront-db']
const junit = { report: { format: 'junit' }, only: ['--test-name-pattern', '{names}'], limitMs: 180_000 }

export default {
  // The longest first: it is done with the others, and not after them.
  suites: [
    {
      name: 'journeys',
      command: 'node tests/run.mjs journeys',
      needs: { services, browser: true },
      report: { format: 'playwright-json' },
      only: ['{files}', '-g', '{names}'],
      limitMs: 300_000,
    },
    // Asks nobody, so it is run at once; those of its tests that want a DATABASE_URL are for whoever sets one.
    { name: 'unit', command: 'node tests/run.mjs unit', needs: { services: [] }, ...junit },
    { name: 'api', command: 'node tests/run.mjs api', needs: { services: ['api'] }, ...junit },
    // Two databases beside the services' own: what is tried in them is not taken back.
    { name: 'database', command: 'node tests/run.mjs database', needs: { databases }, workers: 2, ...junit },
    { name: 'services', command: 'node tests/run.mjs services', needs: { services }, ...junit },
    { name: 'auth', command: 'node tests/run.mjs auth', needs: { services: ['web', 'api'] }, ...junit },
    { name: 'errors', command: 'node tests/run.mjs errors', needs: { services: ['web', 'api'] }, ...junit },
    { name: 'load', command: 'node tests/run.mjs load', needs: { services: ['web', 'api'] }, coverage: false, ...junit },
  ],
  signIn: { service: 'api', path: '/v1/session', fields: { email: 'demo@halyard.example', password: 'fair winds' } },
  // Of the lines of api, worker and the packages that they load: `inlineSourceMap` in their tsconfig.build.json leads back to them.
  coverage: { total: 80, changed: 80 },
}
