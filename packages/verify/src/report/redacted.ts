import type { Verification } from '@plimsoll/model'

/** What names, orders or finds things. No secret is in them, and one that happens to be spelled like an app's name must not break the record. */
const structural: ReadonlySet<string> = new Set([
  'version', 'id', 'app', 'place', 'blueprint', 'state', 'startedAt', 'endedAt', 'concern', 'after', 'is', 'weight', 'check', 'because', 'service', 'digest', 'inputs', 'file', 'directory', 'root', 'code', 'channel', 'until',
])

/** The verification with `redact` applied to every text that somebody wrote or printed. Twice is once. */
export function redacted(verification: Verification, redact: (text: string) => string): Verification {
  return cleaned(verification, redact) as Verification
}

function cleaned(data: unknown, redact: (text: string) => string): unknown {
  if (typeof data === 'string') return redact(data)
  if (Array.isArray(data)) return data.map((each) => cleaned(each, redact))
  if (data === null || typeof data !== 'object') return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, structural.has(key) ? value : cleaned(value, redact)]))
}
