import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseEnv } from 'node:util'

/** One line of an .env file. */
export interface EnvFileValue {
  readonly file: string
  readonly line: number
  readonly key: string
  readonly value: string
  /** Of a machine on which somebody develops or tests, and not of one that serves. */
  readonly forDevelopment: boolean
}

/** What the .env files among `files` say, but for examples, which say what could be set. */
export async function readEnvFiles(root: string, files: readonly string[]): Promise<readonly EnvFileValue[]> {
  const own = files.filter((file) => /^\.env(?:\.[\w-]+)*$/.test(basename(file)) && !/\.(?:example|sample|template|dist|defaults)$/.test(file))
  return (await Promise.all(own.map(async (file) => valuesIn(file, await readFile(join(root, file), 'utf8'))))).flat()
}

function valuesIn(file: string, text: string): EnvFileValue[] {
  const keys = text.split('\n').map((line) => /^\s*(?:export\s+)?([\w.-]+)\s*=/.exec(line)?.[1])
  return Object.entries(parseEnv(text)).map(([key, value = '']) => ({ file, key, value, line: keys.lastIndexOf(key) + 1, forDevelopment: /\.(?:development|dev|test|ci)\b/.test(basename(file)) }))
}
