import { z } from 'zod'

const Environment = z.object({
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgresql://'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** How long sending one mail takes: there is no mail server behind this shop. */
  MAIL_LATENCY_MS: z.coerce.number().int().min(0).default(150),
  CART_TTL_HOURS: z.coerce.number().positive().default(72),
  RENDER_INSTANCE_ID: z.string().default(`worker-${process.pid}`),
})

export interface Config {
  readonly databaseUrl: string
  readonly logLevel: string
  readonly mailLatencyMs: number
  readonly cartTtlHours: number
  readonly instanceId: string
}

/** Reads the whole environment at once, so that one start tells about every fault in it. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // Dashboards store "not set" as an empty string.
  const set = Object.entries(environment).filter(([, value]) => value !== '')
  const result = Environment.safeParse(Object.fromEntries(set))
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`the environment is not complete:\n${faults.join('\n')}`)
  }
  const env = result.data
  return {
    databaseUrl: env.DATABASE_URL,
    logLevel: env.LOG_LEVEL,
    mailLatencyMs: env.MAIL_LATENCY_MS,
    cartTtlHours: env.CART_TTL_HOURS,
    instanceId: env.RENDER_INSTANCE_ID,
  }
}
