import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { placeEnvironment } from './placed-environment.ts'

const awkward = { PLAIN: 'x', QUOTES: `'"\`$(id) \\n`, LINES: 'one\ntwo\n', UNICODE: 'zwölf', EMPTY: '', EQUALS: 'a=b' }

/** What a program sees of the environment that `file` holds. */
function seen(command: (file: string) => [string, string[]], text: string): Record<string, string> {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-environment-'))
  try {
    const file = join(directory, 'environment.cjs')
    writeFileSync(file, text)
    const [program, args] = command(file)
    return JSON.parse(execFileSync(program, args, { encoding: 'utf8', env: {} })) as Record<string, string>
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const print = 'JSON.stringify(process.env)'

test('a shell reads every value as it was', () => {
  const { file, shown } = placeEnvironment(awkward, 'shell')
  expect(shown).toEqual({})
  expect(seen((path) => ['/bin/sh', ['-c', `. "$1"; exec "$2" -p '${print}'`, 'x', path, process.execPath]], file?.text ?? '')).toMatchObject(awkward)
})

test('Node reads every value as it was, also under names that no shell can set', () => {
  const { file, shown } = placeEnvironment({ ...awkward, 'a.b-c': 'y' }, 'node')
  expect(shown).toEqual({})
  expect(seen((path) => [process.execPath, ['--require', path, '-p', print]], file?.text ?? '')).toMatchObject({ ...awkward, 'a.b-c': 'y' })
})

test('what is read before any file can be is shown, and so is what a shell cannot set', () => {
  const settings = { NODE_OPTIONS: '--max-old-space-size=100', NODE_ENV: 'production', PATH: '/bin', TZ: 'UTC', LC_ALL: 'C' }
  expect(placeEnvironment({ ...settings, SECRET: 's' }, 'node').shown).toEqual(settings)
  expect(placeEnvironment({ 'a.b': 'y', UID: '7', SECRET: 's' }, 'shell').shown).toEqual({ 'a.b': 'y', UID: '7' })
})

test('where nobody reads a file everything is shown', () => {
  expect(placeEnvironment(awkward, undefined)).toEqual({ shown: awkward })
})
