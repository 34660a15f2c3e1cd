// Runs in a process of its own: a configuration is its user's code. What it exports goes out of descriptor 3 as JSON, and nothing else does.
import { createWriteStream, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { pathToFileURL } from 'node:url'

const [, , file = ''] = process.argv
const answer = createWriteStream('', { fd: 3 })
// Whatever the configuration left running has no say in how long this takes.
answer.end(JSON.stringify(await evaluate()), () => process.exit(0))

async function evaluate() {
  try {
    const { default: config } = await import(pathToFileURL(file).href)
    const faults = []
    return { config: plain(config, { path: [], seen: new Set(), faults }) ?? null, faults, javascript: javascript() }
  } catch (error) {
    return { thrown: error instanceof Error ? { message: `${error.name}: ${error.message}`, stack: error.stack ?? '' } : { message: String(error), stack: '' } }
  }
}

/** With every character where it was, so that a place in it is a place in the file. */
function javascript() {
  const text = readFileSync(file, 'utf8')
  return /\.m?ts$/.test(file) ? stripTypeScriptTypes(text) : text
}

/** Only what JSON can say; the rest is noted with its place. */
function plain(value, { path, seen, faults }) {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    faults.push({ path, message: `is a ${typeof value}; only plain values can be read` })
    return null
  }
  if (typeof value !== 'object' || value === null) return value
  if (seen.has(value)) {
    faults.push({ path, message: 'contains itself' })
    return null
  }
  const inner = (each, key) => plain(each, { path: [...path, key], seen: new Set([...seen, value]), faults })
  if (Array.isArray(value)) return value.map(inner)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inner(each, key)]))
}
