import { z } from 'zod'

const Environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgresql://'),
  SESSION_SECRET: z.string().min(32, 'must have at least 32 characters'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().default('0.0.0.0'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** The public address of the web app: the one origin that browsers may call from. */
  WEB_ORIGIN: z.url().optional(),
  /** Known to the web app only; calls that carry it are not rate limited. */
  INTERNAL_TOKEN: z.string().min(16).optional(),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().positive().default(60_000),
  TRUST_PROXY_HOPS: z.coerce.number().int().min(0).default(1),
  DATABASE_POOL_MAX: z.coerce.number().int().positive().default(10),
  SHUTDOWN_GRACE_SECONDS: z.coerce.number().int().positive().default(25),
  RENDER_INSTANCE_ID: z.string().default(`api-${process.pid}`),
})

export interface Config {
  readonly databaseUrl: string
  readonly databasePoolMax: number
  readonly sessionSecret: string
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly webOrigin: string | undefined
  readonly internalToken: string | undefined
  readonly rateLimitPerMinute: number
  readonly trustProxyHops: number
  readonly shutdownGraceMs: number
  readonly instanceId: string
}

/** Reads the whole environment at once, so that one start tells about every fault in it. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const result = Environment.safeParse(withoutEmpty(environment))
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`the environment is not complete:\n${faults.join('\n')}`)
  }
  const env = result.data
  return {
    databaseUrl: env.DATABASE_URL,
    databasePoolMax: env.DATABASE_POOL_MAX,
    sessionSecret: env.SESSION_SECRET,
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    webOrigin: env.WEB_ORIGIN && new URL(env.WEB_ORIGIN).origin,
    internalToken: env.INTERNAL_TOKEN,
    rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE,
    trustProxyHops: env.TRUST_PROXY_HOPS,
    shutdownGraceMs: env.SHUTDOWN_GRACE_SECONDS * 1000,
    instanceId: env.RENDER_INSTANCE_ID,
  }
}

/** Dashboards store "not set" as an empty string. */
function withoutEmpty(environment: Readonly<Record<string, string | undefined>>): object {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
}
