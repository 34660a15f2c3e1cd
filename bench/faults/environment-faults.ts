import { edit, newFile, type Fault } from './fault.ts'

const apiConfig = 'apps/api/src/config.ts'
const logLevel = '      - key: LOG_LEVEL\n        value: info'

/** What is not declared, not set, or should not be there. */
export const environmentFaults: readonly Fault[] = [
  { id: 'required-and-not-declared', what: 'the API requires a variable that the Blueprint does not have', caughtBy: ['environment.declared', 'boot.start'], edits: [edit(apiConfig, "  PORT: z.coerce", "  PAYMENT_KEY: z.string().min(8),\n  PORT: z.coerce")] },
  { id: 'read-and-not-declared', what: 'a request handler reads a variable that nobody declares', caughtBy: ['environment.declared'], edits: [edit('apps/api/src/resources/reviews.ts', 'async function insertReview(client: PoolClient, review: NewReview): Promise<Review> {\n', "async function insertReview(client: PoolClient, review: NewReview): Promise<Review> {\n  const moderation = process.env['MODERATION_URL']!\n  if (review.body.includes(moderation.toUpperCase())) throw new ApiProblem(400, 'No advertising')\n")] },
  { id: 'secret-in-the-blueprint', what: 'a payment key stands in render.yaml', caughtBy: ['environment.literal-secrets'], edits: [edit('render.yaml', logLevel, `${logLevel}\n      - key: PAYMENT_SECRET_KEY\n        value: sk_live_4eC39HqLyjWDarjtT1zdp7dcQ8vXw2`)] },
  { id: 'refusal-without-a-name', what: 'a missing variable ends the start, and no line says which', caughtBy: ['environment.required'], edits: [edit(apiConfig, "throw new Error(`the environment is not complete:\\n${faults.join('\\n')}`)", "throw new Error(`the environment is not complete (${faults.length})`)")] },
  { id: 'starts-without-its-database', what: 'without DATABASE_URL the API starts against a default that is nowhere', caughtBy: ['environment.required'], edits: [edit(apiConfig, "'must start with postgresql://'),", "'must start with postgresql://').default('postgresql://nobody@127.0.0.1:1/none'),")] },
  { id: 'wrong-service', what: 'the web app is told an address at which nothing listens', caughtBy: ['service.wiring', 'services.reachable', 'service.ready'], edits: [edit('render.yaml', '      - key: API_HOSTPORT\n        fromService:\n          type: web\n          name: api\n          property: hostport', '      - key: API_HOSTPORT\n        value: 127.0.0.1:9')] },
  { id: 'service-that-is-not-there', what: 'a variable refers to a service that the Blueprint does not have', caughtBy: ['blueprint.resolves', 'problem:BLUEPRINT_INVALID'], edits: [edit('render.yaml', '      - key: API_HOSTPORT\n        fromService:\n          type: web\n          name: api', '      - key: API_HOSTPORT\n        fromService:\n          type: web\n          name: backend')] },
  { id: 'public-value-missing', what: 'the pages are built without the address of the API', caughtBy: ['build.public-values', 'environment.declared'], edits: [edit('render.yaml', '      - key: NEXT_PUBLIC_API_URL\n        fromService:\n          type: web\n          name: api\n          envVarKey: RENDER_EXTERNAL_URL\n', '')] },
  { id: 'lockfile-is-old', what: 'package.json wants a package that the lockfile does not have', caughtBy: ['blueprint.toolchain', 'problem:BUILD_FAILED'], edits: [edit('apps/api/package.json', '"fastify": "5.12.8",', '"fastify": "5.12.8",\n    "ms": "2.1.3",')] },
  { id: 'env-file-shipped', what: 'an .env file with a password lies in the web app', caughtBy: ['artifact.files', 'environment.literal-secrets'], edits: [newFile('apps/web/.env.production', 'SMTP_PASSWORD=correct-horse-battery\n')] },
]
