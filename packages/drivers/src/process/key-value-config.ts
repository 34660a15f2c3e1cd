import { join } from 'node:path'
import { sizeInPlanName } from '@plimsoll/model'
import { z } from 'zod'

/** What a key-value service was made as. Its port and its password never change. */
export const keyValueRecordSchema = z.object({
  name: z.string(),
  /** `RENDER_INSTANCE_ID` of its one process. */
  instance: z.string(),
  port: z.number().int().positive(),
  password: z.string(),
  plan: z.string().optional(),
  maxmemoryPolicy: z.string().optional(),
  persistenceMode: z.string().optional(),
})
export type KeyValueRecord = z.infer<typeof keyValueRecordSchema>

/** Of Render's smallest plan that is paid for, and of a plan whose name says nothing. Beyond it the policy decides. */
const usualMemoryMb = 256

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
export function keyValueSettings({ plan, maxmemoryPolicy, persistenceMode }: Pick<KeyValueRecord, 'plan' | 'maxmemoryPolicy' | 'persistenceMode'>): readonly Setting[] {
  return [
    ['maxmemory', `${sizeInPlanName(plan)?.memoryMb ?? usualMemoryMb}mb`],
    ['maxmemory-policy', maxmemoryPolicy ?? 'allkeys-lru'],
    ['save', persistenceMode === 'off' ? '' : '3600 1 300 100 60 10000'],
    // Render's default is both, journal and snapshots.
    ['appendonly', persistenceMode === 'off' || persistenceMode === 'snapshot' ? 'no' : 'yes'],
  ]
}

export function dataDirectory(directory: string): string {
  return join(directory, 'data')
}
