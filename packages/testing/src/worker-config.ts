import { signInSchema, type SignIn } from './config-schema.ts'
import { variables } from './variables.ts'

/** What one worker of a suite was told: by `plimsoll verify`, or by whoever runs the suite alone, with the same variables. */
export interface WorkerConfig {
  /** Where a service answers: through the edge for a public one, else directly. No trailing slash. Throws, naming the variable to set, when nobody said. */
  url(service: string): string
  /** The connection string of this worker's own database; of the one that all share when nobody made one for each. Throws, naming the variable to set, when nobody said. */
  database(name: string): string
  readonly browser: string | undefined
  readonly hostRules: string | undefined
  readonly signIn: SignIn | undefined
}

export function readWorkerConfig(environment: Readonly<Record<string, string | undefined>> = process.env): WorkerConfig {
  const told = (name: string) => (environment[name] === '' ? undefined : environment[name])
  return {
    url(service) {
      const url = told(variables.url(service)) ?? told(variables.innerUrl(service))
      if (url === undefined) throw new Error(`Nobody said where ${service} answers. Run this suite with plimsoll verify, or alone: ${variables.url(service)}=http://localhost:3000`)
      return url.replace(/\/+$/, '')
    },
    database(name) {
      const worker = workerIn(environment)
      const own = listOf(variables.databaseUrls(name), told(variables.databaseUrls(name)))
      // Two workers in one database would meet each other's rows, which is what having one each is to prevent.
      if (own.length > 0 && worker >= own.length) throw new Error(`Worker ${worker + 1} has no database of its own: ${own.length} were made. Let the suite run with ${own.length} worker${own.length === 1 ? '' : 's'}, or say workers: ${worker + 1} in plimsoll.config.ts`)
      const url = own[worker] ?? told(variables.databaseUrl(name))
      if (url === undefined) throw new Error(`Nobody said where the database ${name} is. Run this suite with plimsoll verify, or alone: ${variables.databaseUrl(name)}=postgresql://localhost/${name}_test`)
      return url
    },
    browser: told(variables.browser),
    hostRules: told(variables.hostRules),
    signIn: signInOf(told(variables.signIn)),
  }
}

/** Vitest counts its workers from 1, Playwright from 0. */
function workerIn({ VITEST_POOL_ID: pool, TEST_PARALLEL_INDEX: index }: Readonly<Record<string, string | undefined>>): number {
  const worker = index === undefined ? Number(pool ?? 1) - 1 : Number(index)
  return Number.isInteger(worker) && worker > 0 ? worker : 0
}

function listOf(name: string, text: string | undefined): readonly string[] {
  const value: unknown = text === undefined ? [] : json(name, text)
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) throw new Error(`${name} is no JSON array of connection strings`)
  return value as string[]
}

function signInOf(text: string | undefined): SignIn | undefined {
  if (text === undefined) return undefined
  const read = signInSchema.safeParse(json(variables.signIn, text))
  if (!read.success) throw new Error(`${variables.signIn}: ${read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`)
  return read.data
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${name} is no JSON`, { cause })
  }
}
