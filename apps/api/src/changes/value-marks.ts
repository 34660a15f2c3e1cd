import { createHmac, hkdfSync, type KeyObject } from 'node:crypto'
import type { AppName } from '@plimsoll/model'

/** Tells whether two values were the same, to nobody but this installation. */
export interface ValueMarks {
  /** Names the key, and gives nothing of it away. */
  readonly key: string
  /** The same for the same value of the same variable. Short and common values cannot be guessed from it without the key. */
  markOf(variable: { readonly app: AppName; readonly service: string; readonly key: string }, value: string): string
}

/** Marks that are made with a key of their own, drawn from that of the installation. */
export function valueMarks(installation: KeyObject): ValueMarks {
  const key = Buffer.from(hkdfSync('sha256', installation.export({ type: 'pkcs8', format: 'der' }), '', 'plimsoll marks of values', 32))
  const digest = (parts: readonly string[]): string => createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url').slice(0, 22)
  return {
    key: digest(['key']).slice(0, 8),
    markOf: ({ app, service, key: name }, value) => digest(['value', app, service, name, value]),
  }
}
