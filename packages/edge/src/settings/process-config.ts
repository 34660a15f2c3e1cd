import { isIP } from 'node:net'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'

const port = z.coerce.number().int().min(1).max(65535)
const addresses = z.string().transform((text) => text.split(',').map((each) => each.trim())).refine((all) => all.every((each) => isIP(each) !== 0), 'must be addresses, separated by commas')
const place = z.string().transform((text, context) => {
  const at = text.lastIndexOf(':')
  const [host, number] = [text.slice(0, at).replace(/^\[|\]$/g, ''), port.safeParse(text.slice(at + 1))]
  if (at > 0 && isIP(host) !== 0 && number.success) return { host, port: number.data }
  context.addIssue('must be an address and a port, as 0.0.0.0:4075')
  return z.NEVER
})

const environmentSchema = z.object({
  PLIMSOLL_EDGE_HOME: z.string().startsWith('/').optional(),
  PLIMSOLL_EDGE_PORT: port.optional(),
  PLIMSOLL_EDGE_LISTEN: addresses.optional(),
  PLIMSOLL_EDGE_CONTROL: place.optional(),
  PLIMSOLL_EDGE_SECRETS: z.string().startsWith('/').default('/run/secrets'),
  PLIMSOLL_EDGE_SETTINGS: z.string().startsWith('/').optional(),
  PLIMSOLL_EDGE_HAPROXY: z.string().startsWith('/').optional(),
})

/** What an edge in a container is told by its environment; docs/edge.md says what each is for. */
export interface ProcessConfig {
  readonly home: string | undefined
  readonly port: number | undefined
  readonly hosts: readonly string[] | undefined
  /** Where its controller steers it from another machine. */
  readonly control: { readonly host: string; readonly port: number } | undefined
  /** The directory with the keys for that. */
  readonly secrets: string
  readonly settings: string | undefined
  readonly haproxy: string | undefined
}

/** Throws `USAGE` that names every variable that cannot be used. One that is empty counts as not set. */
export function processConfig(environment: Readonly<Record<string, string | undefined>>): ProcessConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const read = environmentSchema.safeParse(given)
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new PlimsollError('USAGE', `The edge cannot use its environment. ${faults.join('; ')}`, { hint: 'What each variable means: docs/edge.md' })
  }
  const { PLIMSOLL_EDGE_HOME: home, PLIMSOLL_EDGE_PORT: shared, PLIMSOLL_EDGE_LISTEN: hosts, PLIMSOLL_EDGE_CONTROL: control, PLIMSOLL_EDGE_SECRETS: secrets, PLIMSOLL_EDGE_SETTINGS: settings, PLIMSOLL_EDGE_HAPROXY: haproxy } = read.data
  return { home, port: shared, hosts, control, secrets, settings, haproxy }
}
