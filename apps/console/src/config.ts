import { homedir } from 'node:os'
import { join } from 'node:path'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'

const environmentSchema = z.object({
  PLIMSOLL_HOME: z.string().min(1).optional(),
  XDG_STATE_HOME: z.string().min(1).optional(),
  PLIMSOLL_API_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** The same as a host and a port, as Blueprints give it. */
  PLIMSOLL_API_HOSTPORT: z.string().regex(/^[\w.-]+:\d+$/, 'must be a host and a port').optional(),
  PLIMSOLL_API_TOKEN: z.string().min(1).optional(),
}).transform(({ PLIMSOLL_API_HOSTPORT: at, ...env }) => ({ ...env, PLIMSOLL_API_URL: env.PLIMSOLL_API_URL ?? (at === undefined ? undefined : `http://${at}`) })).refine((env) => env.PLIMSOLL_API_TOKEN === undefined || env.PLIMSOLL_API_URL !== undefined, { path: ['PLIMSOLL_API_URL'], message: 'must be set where PLIMSOLL_API_TOKEN is' })

/** How the API is found: at a given address with a given token, or by what it wrote below its home, where the address alone may be given too. */
export type Config =
  | { readonly is: 'address'; readonly url: string; readonly token: string }
  | { readonly is: 'home'; readonly home: string; readonly url: string | undefined }

/** Reads the environment as it is now, not as it was when the console was built. Throws `USAGE` with every fault at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const checked = environmentSchema.safeParse(withoutEmpty(environment))
  if (!checked.success) {
    const faults = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new PlimsollError('USAGE', `The console's environment is not right: ${faults.join('; ')}`, { hint: 'Set PLIMSOLL_HOME, or PLIMSOLL_API_URL with PLIMSOLL_API_TOKEN.' })
  }
  const { PLIMSOLL_HOME, XDG_STATE_HOME, PLIMSOLL_API_URL, PLIMSOLL_API_TOKEN } = checked.data
  if (PLIMSOLL_API_URL !== undefined && PLIMSOLL_API_TOKEN !== undefined) return { is: 'address', url: PLIMSOLL_API_URL, token: PLIMSOLL_API_TOKEN }
  return { is: 'home', url: PLIMSOLL_API_URL, home: PLIMSOLL_HOME ?? join(XDG_STATE_HOME ?? join(homedir(), '.local/state'), 'plimsoll') }
}

/** A variable that is set to nothing counts as not set, as everywhere in Unix. */
function withoutEmpty(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
}
