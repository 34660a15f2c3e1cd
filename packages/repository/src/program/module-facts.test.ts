import { expect, test } from 'vitest'
import { factsOf } from './module-facts.ts'

/** `X: required`, for what a module reads by itself or through its schema. */
function needs(text: string): string[] {
  const { reads, schema } = factsOf('a.ts', text)
  return [...reads, ...schema].map(({ key, need }) => `${key}: ${need.is}${need.is === 'fallback' ? ` ${need.value}` : ''}`)
}

test.each([
  ['if (!process.env.X) throw new Error()', 'X: required'],
  ["if (process.env['X'] === undefined) { console.error('no'); process.exit(1) }", 'X: required'],
  ['if (!process.env.Y || !process.env.X) throw new Error()', 'Y: required X: required'],
  ['const x = process.env.X\nif (!x) throw new Error()\nuse(x)', 'X: required'],
  ["const x = process.env.X ?? fail('X')\nfunction fail(name: string): never { throw new Error(name) }", 'X: required'],
  ['const x = process.env.X || (() => { throw new Error() })()', 'X: required'],
  ['connect(process.env.X!)', 'X: required'],
  ['connect(process.env.X as string)', 'X: required'],
  ['process.env.X.split(",")', 'X: required'],
  ['fetch(`${process.env.X}/items`)', 'X: required'],
  ['const x = process.env.X\nfetch(x + "/items")', 'X: required'],
  ['new URL(process.env.X)', 'X: required'],
  ['assert(process.env.X)', 'X: required'],
  ['const { X } = process.env\nfetch(`${X}/items`)', 'X: required'],
  ["import { env } from 'node:process'\nenv.X.length", 'X: required'],
  ["const x = process.env.X ?? 'a'", 'X: fallback a'],
  ["process.env.X ||= 'a'", 'X: fallback a'],
  ["const { X = 'a' } = process.env", 'X: fallback a'],
  ['const x = process.env.X ?? compute()', 'X: fallback undefined'],
  ['if (process.env.X) start(process.env.X.length)', 'X: optional X: optional'],
  ['const x = process.env.X\nexport const y = x ? `${x}/a` : undefined', 'X: optional'],
  ['const x = process.env.X\nfunction f() { if (!x) return null\n return x.length }', 'X: optional'],
  ["process.env.X === '1'", 'X: optional'],
  ['process.env.X?.trim()', 'X: optional'],
  ['console.log(`at ${process.env.X}`)', 'X: optional'],
  ['process.env.X && start(process.env.X!)', 'X: optional X: optional'],
  ['if (!process.env.A && !process.env.X) throw new Error()', 'A: optional X: optional'],
  ['start(process.env.X)', 'X: unsure'],
  ['export const x = process.env.X', 'X: unsure'],
  ["process.env.X = 'a'\ndelete process.env.X", ''],
])('understands %s', (text, expected) => {
  expect(needs(text).join(' ')).toBe(expected)
})

test.each([
  ['z.object({ X: z.string().min(1), Y: z.coerce.number().int() })', 'X: required Y: required'],
  ["z.object({ X: z.url().default('a'), Y: z.string().optional(), Z: z.any() })", 'X: fallback a Y: optional Z: optional'],
  ['z.object({ X: z.union([z.string(), z.undefined()]), Y: mine, Z: z.coerce.boolean() })', 'X: unsure Y: unsure Z: unsure'],
  ['const url = z.url()\nz.object({ X: url, Y: url.optional() })', 'X: required Y: optional'],
  ["v.object({ X: v.string(), Y: v.optional(v.string(), 'a'), Z: v.pipe(v.optional(v.string()), v.trim()) })", 'X: required Y: optional Z: unsure'],
  ["createEnv({ server: { X: z.string() }, client: { NEXT_PUBLIC_Y: z.url().optional() }, runtimeEnv: {} })", 'X: required NEXT_PUBLIC_Y: optional'],
  ["cleanEnv(source, { X: str(), Y: port({ default: 4000 }), Z: url({ devDefault: 'a' }), W: str({ default: undefined }) })", 'X: required Y: fallback undefined Z: required W: optional'],
  ["app.register(fastifyEnv, { schema: { type: 'object', required: ['X'], properties: { X: { type: 'string' }, Y: { type: 'string', default: 'a' }, Z: { type: 'string' } } } })", 'X: required Y: fallback a Z: optional'],
  ['z.object({ name: z.string(), X: z.string() })', ''],
])('understands the schema %s', (text, expected) => {
  expect(needs(text).join(' ')).toBe(expected)
})

test('knows a function that reads the variable it is given the name of', () => {
  const facts = factsOf('a.ts', "export function required(name: string) { const value = process.env[name]; if (!value) throw new Error(name); return value }\nexport const at = required('X')\nconst port = required('Y', '1')")
  expect(facts.readers.get('required')?.is).toBe('required')
  expect(facts.namedReads).toEqual([{ reader: 'required', key: 'X', hasFallback: false, line: 2 }, { reader: 'required', key: 'Y', hasFallback: true, line: 3 }])
})

test('tells imports from those of types alone, and whether the whole environment is handed on', () => {
  const facts = factsOf('a.tsx', "import { type T } from './t'\nimport type { U } from './u'\nimport a from './a.ts'\nimport './side'\nexport { b } from './b'\nexport * from './c'\nconst d = await import('./d')\nread(process.env)\nexport const e = <p>{a}</p>")
  expect(facts.imports.toSorted()).toEqual(['./a.ts', './b', './c', './d', './side'])
  expect(facts.handsTo).toEqual(['read'])
  expect(factsOf('a.ts', 'Schema.parse({ ...process.env })').handsTo).toEqual(['Schema'])
  expect(factsOf('a.ts', 'process.env.X').handsTo).toEqual([])
})

test('says nothing of a file that is no program', () => {
  expect(factsOf('a.ts', 'const = = process.env.X!')).toMatchObject({ reads: [], imports: [] })
})
