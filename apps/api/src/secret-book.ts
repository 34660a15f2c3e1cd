/** Values that must not be shown, known by themselves and not by what they look like. */
export interface SecretBook {
  learn(values: Iterable<string>): void
  /** `text` with every known value replaced by `[secret]`. */
  redact(text: string): string
  /** The same for every string in plain data. */
  redactAll<T>(data: T): T
}

/** Shorter values would hide half of an ordinary log. */
const shortest = 6

export function createSecretBook(): SecretBook {
  const known = new Set<string>()

  function redact(text: string): string {
    let clean = text
    for (const value of known) if (clean.includes(value)) clean = clean.replaceAll(value, '[secret]')
    return clean
  }

  function redactAll(data: unknown): unknown {
    if (typeof data === 'string') return redact(data)
    if (Array.isArray(data)) return data.map(redactAll)
    if (data === null || typeof data !== 'object') return data
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, redactAll(value)]))
  }

  return {
    learn(values) {
      for (const value of values) if (value.length >= shortest) known.add(value)
    },
    redact,
    redactAll: <T>(data: T) => redactAll(data) as T,
  }
}
