import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { PlimsollError } from '@plimsoll/model'
import { z } from 'zod'
import { clientLimitsSchema } from './client-limits.ts'

/** What a person may set of an edge. All of it has a default, and a word that is not here is a fault. */
const edgeSettingsSchema = z.strictObject({
  limits: clientLimitsSchema.prefault({}),
  /**
   * Addresses, or networks as `10.0.0.0/8`, of proxies in front, which come to the port that all hosts share; `unix` for what
   * comes over a Unix socket. They are believed what they say about their clients. The edge listens on this machine only.
   */
  trustedFronts: z.array(z.string().refine(isFront, 'must be an address, a network as 10.0.0.0/8, or "unix"')).default(['127.0.0.1', '::1']),
  units: z
    .strictObject({
      /** How long a request waits for an instance where none takes connections, counted from the first that was refused. */
      absentMs: z.number().int().min(0).default(5_000),
    })
    .prefault({}),
  accessLog: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** When the file has so much it becomes `access.log.1`, in the place of an older one. */
      maxBytes: z.number().int().min(1_024).default(64 * 1_024 ** 2),
    })
    .prefault({}),
})

export type EdgeSettings = z.output<typeof edgeSettingsSchema>
export type EdgeSettingsInput = z.input<typeof edgeSettingsSchema>

export function edgeSettings(input: EdgeSettingsInput): EdgeSettings {
  return edgeSettingsSchema.parse(input)
}

/** Reads them from `path`; the defaults when there is no such file. Throws `USAGE` that names every fault of the file. */
export async function loadEdgeSettings(path: string): Promise<EdgeSettings> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  const read = edgeSettingsSchema.safeParse(jsonOf(text))
  if (read.success) return read.data
  const faults = read.error.issues.map(({ path: at, message }) => `${at.join('.') || 'the file'}: ${message}`)
  throw new PlimsollError('USAGE', `${path} cannot be used. ${faults.join('; ')}`, { hint: 'What may stand there, and what holds without it: docs/edge.md' })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is not what the schema asks for, and it says so.
    return text
  }
}

function isFront(value: string): boolean {
  if (value === 'unix') return true
  const [address = '', prefix, ...rest] = value.split('/')
  const bits = isIP(address) === 6 ? 128 : 32
  return isIP(address) !== 0 && rest.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
}
