import { readdir, readFile, stat } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, type Program } from 'acorn'
import { convert } from 'ast-v8-to-istanbul'
import { z } from 'zod'
import { addHits, type LineHits } from './line-hits.ts'
import type { OwnFiles } from './own-files.ts'

const rangeSchema = z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() })
const scriptSchema = z.object({ url: z.string(), functions: z.array(z.object({ functionName: z.string(), ranges: z.array(rangeSchema), isBlockCoverage: z.boolean() })) })
const mapSchema = z.object({ version: z.number(), sources: z.array(z.string().nullable()), names: z.array(z.string()), mappings: z.string() })
const v8Schema = z.object({ result: z.array(scriptSchema), 'source-map-cache': z.record(z.string(), z.object({ data: mapSchema.nullable() })).default({}) })
type Script = z.infer<typeof scriptSchema>
type SourceMap = z.infer<typeof mapSchema>

const largestBytes = 128 * 1024 * 1024

export interface V8Lines {
  readonly hits: LineHits
  /** Scripts that ran and cannot be led back to the repository's files: built without source maps. */
  readonly unmapped: readonly string[]
  /** How many processes wrote what they ran. */
  readonly processes: number
}

export interface Ran {
  /** Absolute directory of the artifact's files. A unit's own copy of them goes when it is stopped. */
  readonly files: string
  readonly own: OwnFiles
}

/** Which of the repository's lines ran, by what processes wrote into `directory` when they ended (`NODE_V8_COVERAGE`). */
export async function v8Lines(directory: string, ran: Ran): Promise<V8Lines> {
  const hits: LineHits = new Map()
  const unmapped = new Set<string>()
  const files = await writtenIn(directory)
  for (const file of files) {
    const read = v8Schema.safeParse(JSON.parse(await readFile(file, 'utf8')))
    if (!read.success) continue
    for (const script of read.data.result.filter(({ url }) => url.startsWith('file://') && !url.includes('/node_modules/'))) {
      const found = await linesOf(script, read.data['source-map-cache'][script.url]?.data ?? undefined, ran)
      if (found === undefined) unmapped.add(script.url)
      else addHits(hits, found)
    }
  }
  return { hits, unmapped: [...unmapped], processes: files.length }
}

/** A process that was killed while it wrote left a file that is cut off; nobody else's are there. */
async function writtenIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => [])
  const files = await Promise.all(names.filter((name) => name.endsWith('.json')).map(async (name) => {
    const file = join(directory, name)
    const { size } = await stat(file)
    const whole = size <= largestBytes && (await readFile(file, 'utf8')).trimEnd().endsWith('}')
    return whole ? [file] : []
  }))
  return files.flat()
}

async function linesOf(script: Script, sourceMap: SourceMap | undefined, { files, own }: Ran): Promise<LineHits | undefined> {
  const path = fileURLToPath(script.url)
  // Without a map, a script is its own source, or none that anybody could find.
  if (sourceMap === undefined && own.at(path) === undefined) return undefined
  const code = await textOf(path, files)
  if (code === undefined) return undefined
  const javascript = /\.[cm]?ts$/.test(path) ? stripTypeScriptTypes(code) : code
  const ast = parsed(javascript)
  if (ast === undefined) return undefined
  // Node has made its sources absolute.
  const map = sourceMap === undefined ? {} : { sourceMap: { ...sourceMap, sources: sourceMap.sources.map((source) => source ?? '') } }
  const converted = await convert({ code: javascript, coverage: script, ast, ...map })
  const hits: LineHits = new Map()
  for (const [from, { statementMap, s }] of Object.entries(converted)) {
    const file = own.at(from.startsWith('file://') ? fileURLToPath(from) : from)
    if (file !== undefined) addHits(hits, new Map([[file, linesIn(statementMap, s)]]))
  }
  return hits.size > 0 ? hits : undefined
}

/** Of the script itself, or of the file of the artifact that it was a copy of: the longest end of its path that there is. */
async function textOf(path: string, files: string): Promise<string | undefined> {
  const parts = path.split('/')
  for (const from of [path, ...parts.map((_, index) => join(files, ...parts.slice(index)))]) {
    const text = await readFile(from, 'utf8').catch(() => undefined)
    if (text !== undefined) return text
  }
  return undefined
}

/** As a module, or else as CommonJS. */
function parsed(javascript: string): Program | undefined {
  for (const sourceType of ['module', 'script'] as const) {
    try {
      return parse(javascript, { ecmaVersion: 'latest', sourceType, allowReturnOutsideFunction: true, allowHashBang: true, locations: true })
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return undefined
}

/** A line counts by the statements that begin on it. */
function linesIn(statements: Readonly<Record<string, { readonly start: { readonly line: number } }>>, counts: Readonly<Record<string, number>>): Map<number, boolean> {
  const lines = new Map<number, boolean>()
  for (const [key, { start }] of Object.entries(statements)) lines.set(start.line, lines.get(start.line) === true || (counts[key] ?? 0) > 0)
  return lines
}
