import { walk } from '@plimsoll/repository/program'
import { parseSync } from 'oxc-parser'

/** Addresses that lead a browser to its own machine or into a private network. */
const inward = String.raw`(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|\[::1\]|10\.\d{1,3}\.\d{1,3}\.\d{1,3}|192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}|[a-z0-9-]+\.internal)`
/** `http://localhost` alone is how libraries complete a path to a URL, and leads nowhere. */
const address = new RegExp(String.raw`^(?:(?:https?|wss?):)?\/\/(${inward}(?::\d{1,5}|(?=\/[\w-])))|^(${inward}:\d{2,5})(?=$|\/)`, 'i')
const anywhere = new RegExp(inward, 'i')
/** In markup and in data, only what stands between quotes or brackets is used; the rest is text for people. */
const quoted = /(?:=\s*["']?|["'(]|\\")\s*((?:(?:https?|wss?):)?\/\/[^\s"'<>)\\]+|[\w.[\]-]+:\d{2,5}(?=["'/)\\]))/g

/** The inward addresses (`localhost:4000`) that a file makes a browser use, without repetition. `text` may be anything. */
export function inwardAddressesIn(path: string, text: string): string[] {
  if (!anywhere.test(text) || path.endsWith('.map')) return []
  const candidates = /\.[cm]?js$/.test(path) ? literalsOf(path, text) : [...text.matchAll(quoted)].map(([, found = '']) => found)
  return [...new Set(candidates.flatMap((candidate) => inwardAddress(candidate) ?? []))]
}

/** `localhost:4000` when that is where a text, taken as an address, leads. */
export function inwardAddress(text: string): string | undefined {
  const [, withScheme, bare] = address.exec(text.trim()) ?? []
  return (withScheme ?? bare)?.toLowerCase()
}

/** Comments and messages name addresses without using them: only a text that begins with one is taken for one. */
function literalsOf(path: string, text: string): string[] {
  const { program, errors } = parseSync(path, text, { sourceType: 'unambiguous' })
  if (errors.length > 0) return [...text.matchAll(quoted)].map(([, found = '']) => found)
  const found: string[] = []
  walk(program, (node) => {
    if (node.type === 'Literal' && typeof node['value'] === 'string') found.push(node['value'])
    if (node.type === 'TemplateLiteral') found.push(rawOf(node['quasis']))
  })
  return found
}

function rawOf(quasis: unknown): string {
  const [first] = Array.isArray(quasis) ? (quasis as readonly { value?: { cooked?: string | null } }[]) : []
  return first?.value?.cooked ?? ''
}
