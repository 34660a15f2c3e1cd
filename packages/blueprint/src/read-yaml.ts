import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Alias, Document, Node, Pair, Scalar, YAMLError, YAMLMap } from 'yaml'
import type { Report } from './report.ts'
import { childPath, type Position, type YamlNode } from './yaml-tree.ts'

/** More than any real Blueprint by far; stops aliases that unfold without end. */
const maxNodes = 50_000
const maxDepth = 40

/** The tree of `text`; undefined, with the reason reported, when it is not one YAML document. */
export function readYaml(text: string, report: Report): YamlNode | undefined {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false })
  const whole = (offset: number) => ({ at: positionOf(lines, offset), path: '' })
  for (const error of firstPerLine(document.errors, lines)) {
    report.add('yaml-syntax', whole(error.pos[0]), plainMessage(error), syntaxHint(error, text))
  }
  for (const warning of document.warnings) report.add('yaml-tag', whole(warning.pos[0]), plainMessage(warning))
  if (document.errors.length > 0) return undefined
  const reading: Reading = { document, lines, report, nodes: 0, broken: false }
  const tree = readNode(reading, document.contents, { at: { line: 1, column: 1 }, path: '', depth: 0 })
  return reading.broken ? undefined : tree
}

interface Reading {
  readonly document: Document
  readonly lines: LineCounter
  readonly report: Report
  nodes: number
  broken: boolean
}

interface Spot {
  readonly at: Position
  readonly path: string
  readonly depth: number
}

function readNode(reading: Reading, node: unknown, spot: Spot): YamlNode {
  const { at, path } = spot
  const nothing: YamlNode = { is: 'scalar', at, path, value: null, source: '', quoted: false }
  reading.nodes += 1
  if (reading.nodes > maxNodes || spot.depth > maxDepth) {
    if (!reading.broken) reading.report.add('yaml-syntax', { at: spot.at, path: '' }, 'aliases unfold without end from here', 'remove the alias that contains itself')
    reading.broken = true
  }
  if (reading.broken) return nothing
  if (isAlias(node)) {
    const anchored = node.resolve(reading.document)
    if (anchored !== undefined) return readNode(reading, anchored, { ...spot, depth: spot.depth + 1 })
    reading.report.add('yaml-syntax', spot, `there is no anchor &${node.source} above`, starHint)
    return { ...nothing, value: `*${node.source}`, source: `*${node.source}` }
  }
  if (isMap(node)) return { is: 'map', at, path, entries: readEntries(reading, node, spot) }
  if (isSeq(node)) {
    const items = node.items.map((item, index) =>
      readNode(reading, item, { at: startOf(reading, item, at), path: `${path}[${index}]`, depth: spot.depth + 1 }),
    )
    return { is: 'list', at, path, items }
  }
  return isScalar(node) ? readScalar(node, spot) : nothing
}

function readScalar(node: Scalar, { at, path }: Spot): YamlNode {
  const { value } = node
  const quoted = node.type !== undefined && node.type !== 'PLAIN'
  const known = value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return { is: 'scalar', at, path, value: known ? value : String(value), source: node.source ?? String(value), quoted }
}

function readEntries(reading: Reading, map: YAMLMap, spot: Spot): ReadonlyMap<string, YamlNode> {
  const entries = new Map<string, YamlNode>()
  const lines = new Map<string, number>()
  for (const pair of map.items) {
    const key = keyOf(pair)
    const at = startOf(reading, pair.key, spot.at)
    const path = childPath(spot.path, key)
    if (isMergeKey(pair)) {
      reading.report.add('merge-key', { at, path }, 'Render documents no merge keys', 'write the keys out')
      mergeInto(entries, readNode(reading, pair.value, { at, path: spot.path, depth: spot.depth + 1 }))
      continue
    }
    const first = lines.get(key)
    if (first !== undefined) {
      const hint = `merge the two: YAML keeps one of them and drops the other without a word (the first is in line ${first})`
      reading.report.add('duplicate-key', { at, path }, `the key "${key}" is written twice`, hint)
      continue
    }
    lines.set(key, at.line)
    entries.set(key, readNode(reading, pair.value, { at, path, depth: spot.depth + 1 }))
  }
  return entries
}

/** Merged keys give way to those that the map has itself; of several merged maps the first wins. */
function mergeInto(entries: Map<string, YamlNode>, merged: YamlNode): void {
  const sources = merged.is === 'list' ? merged.items : [merged]
  for (const source of sources) {
    if (source.is !== 'map') continue
    for (const [key, node] of source.entries) if (!entries.has(key)) entries.set(key, node)
  }
}

function isMergeKey(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.value === '<<'
}

function keyOf(pair: Pair): string {
  if (!isScalar(pair.key)) return String(pair.key)
  return typeof pair.key.value === 'string' ? pair.key.value : (pair.key.source ?? String(pair.key.value))
}

/** Where `node` begins; a pair that is written as an item begins at its key. */
function startOf(reading: Reading, node: unknown, otherwise: Position): Position {
  if (isPair(node)) return startOf(reading, node.key, otherwise)
  const range = (node as Node | Alias | null)?.range
  return range ? positionOf(reading.lines, range[0]) : otherwise
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** One slip upsets the rest of its line; only the first complaint helps. */
function firstPerLine(errors: readonly YAMLError[], lines: LineCounter): YAMLError[] {
  const first = new Map<number, YAMLError>()
  for (const error of errors) {
    const { line } = lines.linePos(error.pos[0])
    if (!first.has(line)) first.set(line, error)
  }
  return [...first.values()]
}

function plainMessage(error: YAMLError): string {
  if (error.code === 'RESOURCE_EXHAUSTION') return 'is nested too deeply'
  return error.message.replace(/\s+/g, ' ').trim()
}

const starHint = 'a value that begins with * (as cron schedules do) goes in quotes: "*/5 * * * *"'

const syntaxHints: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'indent with spaces; YAML allows no tabs',
  BAD_INDENT: 'keys of one thing begin in the same column, and what belongs to them stands further right',
  MULTIPLE_DOCS: 'a Blueprint is one document: remove the line ---',
  MISSING_CHAR: 'look for a quote or bracket that is not closed',
  MULTILINE_IMPLICIT_KEY: 'look for a missing ":" or a wrong indentation in the lines above',
  BLOCK_AS_IMPLICIT_KEY: 'a text that contains ": " goes in quotes',
  RESOURCE_EXHAUSTION: 'the file is nested deeper than any Blueprint is',
  BAD_SCALAR_START: 'a value that begins with a special character goes in quotes',
}

function syntaxHint(error: YAMLError, text: string): string | undefined {
  return syntaxHints[error.code] ?? (text.slice(error.pos[0] - 1, error.pos[1]).includes('*') ? starHint : undefined)
}
