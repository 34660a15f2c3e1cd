import { join } from 'node:path'
import { z } from 'zod'

/** What a key-value service was made as. Its port and its password never change. */
export const keyValueRecordSchema = z.object({
  name: z.string(),
  /** `RENDER_INSTANCE_ID` of its one process. */
  instance: z.string(),
  port: z.number().int().positive(),
  password: z.string(),
  maxmemoryPolicy: z.string().optional(),
  persistenceMode: z.string().optional(),
})
export type KeyValueRecord = z.infer<typeof keyValueRecordSchema>

/** Beyond it the policy decides. Enough for development, and it does not eat the machine. */
const maxMemory = '256mb'

/**
 * The server's configuration file. The password stands here and not in the command line, which everybody
 * on the machine can read.
 */
export function keyValueConfig(record: KeyValueRecord, directory: string): string {
  const fixed: readonly Setting[] = [
    ['bind', '127.0.0.1'],
    ['port', String(record.port)],
    ['protected-mode', 'yes'],
    ['requirepass', record.password],
    ['daemonize', 'no'],
    ['dir', dataDirectory(directory)],
  ]
  return [...fixed, ...keyValueSettings(record)].map(([key, value]) => `${key} "${value}"\n`).join('')
}

export type Setting = readonly [key: string, value: string]

/** What the Blueprint may change while the server runs. */
export function keyValueSettings({ maxmemoryPolicy, persistenceMode }: Pick<KeyValueRecord, 'maxmemoryPolicy' | 'persistenceMode'>): readonly Setting[] {
  return [
    ['maxmemory', maxMemory],
    ['maxmemory-policy', maxmemoryPolicy ?? 'allkeys-lru'],
    ['save', persistenceMode === 'off' ? '' : '3600 1 300 100 60 10000'],
    // Render's default is both, journal and snapshots.
    ['appendonly', persistenceMode === 'off' || persistenceMode === 'snapshot' ? 'no' : 'yes'],
  ]
}

export function dataDirectory(directory: string): string {
  return join(directory, 'data')
}
