import 'server-only'
import { z } from 'zod'

const Environment = z.object({
  /** Where the API listens inside the private network, `host:port` without a scheme. */
  API_HOSTPORT: z.string().regex(/^[^/\s]+:\d+$/, 'must look like host:port').default('localhost:4000'),
  INTERNAL_TOKEN: z.string().optional(),
})

export interface ServerConfig {
  readonly apiUrl: string
  readonly internalToken: string | undefined
}

let config: ServerConfig | undefined

/** Read at the first request and not before: a build knows nothing of where it will run. */
export function serverConfig(): ServerConfig {
  config ??= readServerConfig()
  return config
}

function readServerConfig(): ServerConfig {
  const set = Object.entries(process.env).filter(([, value]) => value !== '')
  const result = Environment.safeParse(Object.fromEntries(set))
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`the environment is not complete:\n${faults.join('\n')}`)
  }
  return {
    apiUrl: `http://${result.data.API_HOSTPORT}`,
    internalToken: result.data.INTERNAL_TOKEN,
  }
}
