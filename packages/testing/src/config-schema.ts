import { z } from 'zod'

/** A path below the repository's root, with `/` between its parts. */
const insideSchema = z.string().min(1).refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'must lie in the repository: a relative path without ".."')
const shareSchema = z.number().min(0).max(100)
const atMostAnHour = z.number().int().min(1).max(3_600_000)

export const reportFormats = ['junit', 'ctrf', 'playwright-json', 'vitest-json', 'tap'] as const
export type ReportFormat = (typeof reportFormats)[number]

export const suiteSchema = z.strictObject({
  name: z.string().max(40).regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes, and begin with a letter'),
  /** A line for the shell, run in `cwd`. */
  command: z.string().trim().min(1),
  cwd: insideSchema.default('.'),
  needs: z.strictObject({
    /** Services of the Blueprint that it asks; unless given, any. With none, and no database, it is run without a copy of the app. */
    services: z.array(z.string().min(1)).optional(),
    /** Databases of which each worker gets one of its own. */
    databases: z.array(z.string().min(1)).default([]),
    browser: z.boolean().default(false),
  }).prefault({}),
  /** What it writes about its tests: at `file`, relative to `cwd`, or else where `PLIMSOLL_REPORT` says. Without one, its exit status alone is its answer. */
  report: z.strictObject({ format: z.enum(reportFormats), file: insideSchema.optional() }).optional(),
  /** Words that make the command run some tests only: `{files}` becomes their files, `{names}` one expression that matches their titles. */
  only: z.array(z.string()).min(1).optional(),
  /** Line coverage that it writes itself (lcov), relative to `cwd`. */
  lcov: insideSchema.optional(),
  /** Whether what the services run for it counts as covered. Not for one that takes their time: noting it down makes them slower. */
  coverage: z.boolean().default(true),
  limitMs: atMostAnHour.default(600_000),
  /** How much it may write into its temporary directory, its report and its output together. */
  limitBytes: z.number().int().min(1).default(1_073_741_824),
  retries: z.union([z.literal(0), z.literal(1)]).default(1),
  workers: z.number().int().min(1).max(64).default(1),
})
export type Suite = z.infer<typeof suiteSchema>

/** How a user signs in: what is sent is JSON, what comes back is a cookie, or a token in JSON. */
export const signInSchema = z.strictObject({
  service: z.string().min(1),
  path: z.string().startsWith('/'),
  /** Sent along with what the test says; a field of the test goes before one of these. */
  fields: z.record(z.string(), z.string()).default({}),
  /** Where the token stands in the answer: `session.token`. Without it, the cookies of the answer are what one is known by. */
  token: z.string().min(1).optional(),
})
export type SignIn = z.infer<typeof signInSchema>

/** What can run an app, as `--to` names it: no place of a configuration has such a name. */
export const placeDrivers = ['process', 'docker', 'swarm', 'render'] as const
const reserved: readonly string[] = placeDrivers

const imageSchema = z.string().regex(/^[\w.:/@-]+$/, 'must be the name of an image')

/** What is said of a cluster; all but the first three have a value where they are left out. */
const clusterFields = {
  /** Managers, each as `DOCKER_HOST` would be: `tcp://10.0.0.11:2376`, `ssh://ops@10.0.0.12`. One that answers is enough. */
  managers: z.array(z.string().regex(/^(?:tcp|ssh|unix):\/\/[^\s,]+$/, 'must be written as DOCKER_HOST would be: tcp://10.0.0.11:2376')).min(1).optional(),
  /** What images are pushed below: `registry.example.com/shop`. */
  registry: z.string().regex(/^[\w.:/-]+$/, 'must be a registry, and a path there').optional(),
  /** That of the edges, by digest. */
  edgeImage: imageSchema.optional(),
  edgeUid: z.number().int().nonnegative().optional(),
  /** On which machines there is an edge, in the cluster's words. */
  edgeNodes: z.string().min(1).optional(),
  edgePort: z.number().int().min(1).max(65535).optional(),
  /** The label of the machines that may keep data. */
  dataLabel: z.string().min(1).optional(),
}
const clusterKeys = Object.keys(clusterFields) as readonly (keyof typeof clusterFields)[]
const neededOfCluster = ['managers', 'registry', 'edgeImage'] as const

export const placeSchema = z.strictObject({
  driver: z.enum(placeDrivers),
  ...clusterFields,
  /** The Plimsoll that it belongs to; that of this machine, or that of `--server`, unless given. */
  server: z.url({ protocol: /^https?$/ }).optional(),
  /** The name of the app there: `<app>-<place>` unless given. */
  app: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and dashes, 63 at most').optional(),
  /** False where it does not answer to the custom domains of the Blueprint: on one Plimsoll one place does. */
  domains: z.boolean().default(true),
  /** `service/KEY`, or `KEY` for every service that leaves it open → its value there. No secrets. */
  variables: z.record(z.string(), z.string()).default({}),
}).check(({ value, issues }) => {
  const said = clusterKeys.filter((key) => value[key] !== undefined)
  const wrong = (key: string, message: string): void => void issues.push({ code: 'custom', path: [key], message, input: value })
  for (const key of said) {
    if (value.driver !== 'swarm') wrong(key, 'tells of a cluster, and the driver of this place is not swarm')
    else if (value.server !== undefined) wrong(key, 'is told to that server by whoever runs it (PLIMSOLL_SWARM_… there): a repository does not choose where another machine connects to')
  }
  if (said.length > 0 && value.driver === 'swarm') for (const key of neededOfCluster) if (value[key] === undefined) wrong(key, 'is needed where a cluster is told of')
})
export type Place = z.infer<typeof placeSchema>

export const configSchema = z.strictObject({
  suites: z.array(suiteSchema).default([]),
  /** Shell commands that fill a database, run at the root with its connection string as `DATABASE_URL`. */
  seed: z.strictObject({
    /** What production has too; it can be run twice. */
    reference: z.string().trim().min(1).optional(),
    /** What only tests have. */
    scenario: z.string().trim().min(1).optional(),
  }).prefault({}),
  signIn: signInSchema.optional(),
  /** Per cent of the services' lines that ran; `false` measures nothing. */
  coverage: z.union([z.literal(false), z.strictObject({ total: shareSchema.default(80), changed: shareSchema.default(80) })]).prefault({}),
  /** Tests that are new or changed since the live release are run this often, for as long as this lasts. */
  repeat: z.strictObject({ times: z.number().int().min(1).max(20).default(5), limitMs: atMostAnHour.default(60_000) }).prefault({}),
  checks: z.strictObject({
    /** Checks that are not asked; their reason is shown in every report. */
    skip: z.array(z.strictObject({ check: z.string().min(1), reason: z.string().trim().min(1) })).default([]),
  }).prefault({}),
  notify: z.unknown().optional(),
  /** name → where the app can live. */
  places: z.record(z.string(), placeSchema).default({}),
}).check(({ value, issues }) => {
  for (const [index, { name }] of value.suites.entries()) {
    if (value.suites.findIndex((suite) => suite.name === name) < index) issues.push({ code: 'custom', path: ['suites', index, 'name'], message: `is the name of another suite: ${name}`, input: name })
  }
  for (const name of Object.keys(value.places)) {
    const message = reserved.includes(name) ? 'is the name of a driver, and --to could mean either' : /^[a-z][a-z0-9-]{0,30}$/.test(name) ? undefined : 'must be lower-case letters, digits and dashes, and begin with a letter'
    if (message !== undefined) issues.push({ code: 'custom', path: ['places', name], message, input: name })
  }
})
/** A configuration that was read: everything that was left out has its value. */
export type Config = z.infer<typeof configSchema>
