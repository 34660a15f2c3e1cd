import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configSchema, type Config } from '@plimsoll/testing/config-schema'
import type { Diagnostic } from '@plimsoll/model'
import { z } from 'zod'
import { diagnose, mistakesIn, type Mistake } from './diagnose.ts'
import { runForAnswer, type Answer } from './run-for-answer.ts'
import { brokenAt, placeOfValue, type FilePosition } from './value-places.ts'
import { suitesOfTurborepo } from './turborepo-suites.ts'

export interface ConfigReading {
  /** The repository's root: the directory of render.yaml. */
  readonly root: string
  /** All that a configuration gets to see. */
  readonly environment: Readonly<Record<string, string>>
  /** After which it is ended, and its reading a mistake. */
  readonly limitMs: number
  /** What else is wrong with it, for whoever knows more than its schema. */
  readonly mistakes?: (config: Config) => readonly Mistake[]
}

/** `file` is relative to the root; undefined where there is none, and what Turborepo runs is all there is. */
export type ReadConfig = { readonly file: string | undefined; readonly config: Config } | { readonly file: string; readonly diagnostics: readonly Diagnostic[] }

const names = ['plimsoll.config.ts', 'plimsoll.config.mts', 'plimsoll.config.mjs', 'plimsoll.config.js']
const answerSchema = z.union([
  z.object({ config: z.unknown(), faults: z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() })), javascript: z.string() }),
  z.object({ thrown: z.object({ message: z.string(), stack: z.string() }) }),
])

/** What the repository's configuration says, or all its mistakes with their places. It is run by a Node of its own, and ended with everything that it started. */
export async function readConfig(reading: ConfigReading, signal: AbortSignal): Promise<ReadConfig> {
  const { root, environment, limitMs } = reading
  const name = names.find((each) => existsSync(join(root, each)))
  if (name === undefined) return { file: undefined, config: configSchema.parse({ suites: await suitesOfTurborepo(root) }) }
  const file = join(root, name)
  const program = fileURLToPath(new URL('evaluate-config.mjs', import.meta.url))
  const answer = await runForAnswer({ program: process.execPath, args: ['--disable-warning=ExperimentalWarning', program, file], cwd: root, environment, limitMs, limitBytes: 1_000_000 }, signal)
  return { file: name, ...understood(answer, { name, file, limitMs, mistakes: reading.mistakes ?? (() => []) }) }
}

interface Named {
  readonly name: string
  readonly file: string
  readonly limitMs: number
  readonly mistakes: (config: Config) => readonly Mistake[]
}

function understood(answer: Answer, { name, file, limitMs, mistakes }: Named): { readonly config: Config } | { readonly diagnostics: readonly Diagnostic[] } {
  const whole = (message: string, at: FilePosition = { line: 1, column: 1 }) => ({ diagnostics: diagnose('config', [{ path: [], message }], { name, place: () => at }) })
  if (answer.ended === 'time') return whole(`did not end within ${limitMs / 1000} s`)
  if (answer.ended === 'size') return whole('says more than 1 MB')
  const told = answerSchema.safeParse(parsedJson(answer.text))
  if (!told.success) return whole(`ended without saying anything${answer.log === '' ? '' : `: ${answer.log.split('\n').at(-1)}`}`)
  if ('thrown' in told.data) return whole(told.data.thrown.message, thrownAt(told.data.thrown.stack, file))
  const { config, faults, javascript } = told.data
  const place = (path: readonly PropertyKey[]) => placeOfValue(javascript, path)
  if (config === null) return whole('has no default export: export default defineConfig({ … })', brokenAt(javascript))
  const read = configSchema.safeParse(config, { reportInput: true })
  if (faults.length > 0) return { diagnostics: diagnose('config', faults, { name, place }) }
  const wrong = read.success ? mistakes(read.data) : mistakesIn(read.error.issues)
  return read.success && wrong.length === 0 ? { config: read.data } : { diagnostics: diagnose('config', wrong, { name, place }) }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Cut off, or written over by the configuration itself: the same as nothing.
    return undefined
  }
}

/** The place that Node draws over a syntax error, or the topmost frame in that file. */
function thrownAt(stack: string, file: string): FilePosition | undefined {
  const lines = stack.split('\n')
  const [head = ''] = lines
  const arrow = lines.find((line) => /^ *\^/.test(line)) ?? ''
  if (head.startsWith(`${file}:`)) return { line: Number(head.slice(file.length + 1)), column: Math.max(arrow.indexOf('^'), 0) + 1 }
  const frame = lines.find((line) => line.includes(`${file}:`))
  const [, line, column] = /:(\d+):(\d+)\)?$/.exec(frame ?? '') ?? []
  return line === undefined ? undefined : { line: Number(line), column: Number(column) }
}
