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
  /** Where people reach the console, if that is not this machine: `https://plimsoll.example.com`. */
  PLIMSOLL_CONSOLE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Render tells every web service its own. */
  RENDER_EXTERNAL_URL: z.url().optional(),
  /** Which of several consoles this is, where a Blueprint's platform runs them. */
  RENDER_INSTANCE_ID: z.string().optional(),
})

export interface Config {
  /** Where the API listens; undefined: it has written that below its home. */
  readonly apiUrl: string | undefined
  readonly home: string
  /** Besides the names of this machine, the address that the console answers to. */
  readonly consoleUrl: string | undefined
  /** What answers say that they come from. */
  readonly servedBy: string | undefined
}

/** Reads the environment as it is now, not as it was when the console was built. Throws `USAGE` with every fault at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const checked = environmentSchema.safeParse(withoutEmpty(environment))
  if (!checked.success) {
    const faults = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new PlimsollError('USAGE', `The console's environment is not right: ${faults.join('; ')}`, { hint: 'Set PLIMSOLL_HOME, or PLIMSOLL_API_URL.' })
  }
  const { PLIMSOLL_HOME, XDG_STATE_HOME, PLIMSOLL_API_URL, PLIMSOLL_API_HOSTPORT, PLIMSOLL_CONSOLE_URL, RENDER_EXTERNAL_URL, RENDER_INSTANCE_ID } = checked.data
  return {
    apiUrl: PLIMSOLL_API_URL ?? (PLIMSOLL_API_HOSTPORT === undefined ? undefined : `http://${PLIMSOLL_API_HOSTPORT}`),
    home: PLIMSOLL_HOME ?? join(XDG_STATE_HOME ?? join(homedir(), '.local/state'), 'plimsoll'),
    consoleUrl: PLIMSOLL_CONSOLE_URL ?? RENDER_EXTERNAL_URL,
    servedBy: RENDER_INSTANCE_ID,
  }
}

/** A variable that is set to nothing counts as not set, as everywhere in Unix. */
function withoutEmpty(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
}
