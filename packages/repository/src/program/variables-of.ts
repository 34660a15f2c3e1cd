import type { Need } from './need.ts'
import type { ProgramSources } from './program-sources.ts'

/** One variable of a program, over all places that read it. */
export interface ProgramVariable {
  readonly key: string
  readonly need: Need
  /** The place that tells the most: `apps/api/src/config.ts`. */
  readonly file: string
  readonly line: number
}

const weight = { required: 3, fallback: 2, optional: 1, unsure: 0 } as const

/** Every variable that a program reads, with the strictest need of all its places. A place that nobody understands weighs least. */
export function variablesOf({ modules }: ProgramSources): ProgramVariable[] {
  const readers = new Map([...modules.values()].flatMap((facts) => [...facts.readers]))
  const receivers = new Set([...modules.values()].flatMap(({ handsTo }) => handsTo))
  const found = new Map<string, ProgramVariable>()
  const note = (variable: ProgramVariable): void => {
    const known = found.get(variable.key)
    if (known === undefined || weight[variable.need.is] > weight[known.need.is]) found.set(variable.key, variable)
  }
  for (const [file, { reads, namedReads, schema, handsTo, exports }] of modules) {
    for (const read of reads) note({ ...read, file })
    for (const { reader, key, hasFallback, line } of namedReads) {
      const need = readers.get(reader)
      if (need !== undefined) note({ key, file, line, need: hasFallback ? { is: 'fallback', value: undefined } : need })
    }
    // A schema is held against the environment where that is handed on: in its own module, or to something that the module exports.
    const isHeld = handsTo.length > 0 || exports.some((name) => receivers.has(name))
    if (isHeld) for (const key of schema) note({ ...key, file })
  }
  return [...found.values()].toSorted((a, b) => a.key.localeCompare(b.key))
}

/** What the place, Node, the package manager, the frameworks and usual libraries read or set by themselves. */
const platform = /^(?:PORT|HOST|HOSTNAME|NODE_\w+|CI|TZ|LANG|LC_\w+|HOME|PATH|PWD|USER|LOGNAME|SHELL|TERM|TMPDIR|TEMP|TMP|DEBUG|NO_COLOR|FORCE_COLOR|WEB_CONCURRENCY|IS_PULL_REQUEST|RENDER|RENDER_\w+|NEXT_(?!PUBLIC_)\w+|__NEXT\w*|VERCEL(?:_\w+)?|TURBO_\w+|TURBOPACK|npm_\w+|NPM_\w+|PNPM_\w+|pnpm_\w+|YARN_\w+|BUN_\w+|COREPACK_\w+|UV_\w+|PG[A-Z]+|OTEL_\w+|SENTRY_\w+|AWS_\w+|GOOGLE_\w+|DD_\w+|NEW_RELIC_\w+|PRISMA_\w+|SKIP_\w+|VITEST\w*|JEST_\w+|GITHUB_\w+|(?:HTTPS?|NO|ALL)_PROXY|SSL_CERT_\w+)$/

export function isOfPlatform(key: string): boolean {
  return platform.test(key)
}

/** Built into what browsers get, and asked about by a check of its own. */
export function isPublicKey(key: string): boolean {
  return key.startsWith('NEXT_PUBLIC_')
}
