import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { CommanderError, type Command } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from './run-cli.ts'
import type { Session } from './session.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** What looks like a command and is none that anybody is told to type. */
const noCommands: Readonly<Record<string, string>> = {
  'packages/store/src/postgres/server-flags.ts': 'plimsoll trust',
  // The origin of a value: the name of the command that sets it.
  'packages/blueprint/src/resolve-entry.ts': 'plimsoll env set',
  'apps/console/src/words/origin.ts': 'plimsoll env set',
}

interface Named {
  readonly file: string
  readonly line: number
  readonly command: string
}

const commands = filesWithCommands().flatMap((file) => commandsIn(file, readFileSync(join(root, file), 'utf8')))
  .filter(({ file, command }) => noCommands[file] !== command)

test('every command that the product or its documents name is one that the command line understands', () => {
  expect(commands.length).toBeGreaterThan(40)
  expect(commands.flatMap((each) => refusal(each.command).map((reason) => `${each.file}:${each.line} ${each.command}: ${reason}`))).toEqual([])
})

test.each(['plimsoll restart', 'plimsoll status --colour', 'plimsoll rollback --to', 'plimsoll env unset', 'plimsoll up one two'])('"%s" is refused', (command) => {
  expect(refusal(command)).not.toEqual([])
})

test('a command ends where prose goes on, and placeholders count as one word', () => {
  const text = [
    'hint: `See: plimsoll status --app ${which.app}`,',
    "  hint: 'Look: plimsoll status. Stop it: plimsoll down.', // plimsoll nothing",
    'hint: `Set: plimsoll env set ${keys.map((key) => `${key}=…`).join(\' \')}`',
    '<Command>plimsoll up</Command> plimsoll check          is it right?',
  ].join('\n')
  expect(commandsIn('a.ts', text).map(({ line, command }) => `${line} ${command}`)).toEqual([
    '1 plimsoll status --app sample', '2 plimsoll status', '2 plimsoll down', '3 plimsoll env set sample', '4 plimsoll up', '4 plimsoll check',
  ])
})

/** Why the command line does not understand `command`; empty when it does. Nothing is run. */
function refusal(command: string): string[] {
  const none = new PassThrough() as unknown as NodeJS.WriteStream
  const session: Session = {
    environment: {}, directory: root, input: new PassThrough() as unknown as NodeJS.ReadStream, out: none, err: none,
    server: () => undefined, interrupted: new AbortController().signal, partWith: () => undefined, exitWith: () => undefined,
  }
  const program = createProgram(session)
  idle(program)
  try {
    program.parse(command.split(' ').slice(1), { from: 'user' })
    return []
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? [] : [error.message]
    throw error
  }
}

/** Leaves the parser and takes away what its commands do. */
function idle(command: Command): void {
  for (const each of command.commands) {
    if (each.commands.length === 0) each.action(() => undefined)
    idle(each)
  }
}

function filesWithCommands(): string[] {
  const found = execFileSync('git', ['grep', '-l', '--untracked', '-F', 'plimsoll ', '--', 'apps', 'packages', 'scripts', 'README.md', 'CONTRIBUTING.md', 'docs', 'examples/**/*.md'], { cwd: root, encoding: 'utf8' })
  return found.split('\n').filter((file) => /\.(?:tsx?|mjs|md)$/.test(file) && !/\.test\.|\/test\//.test(file))
}

function commandsIn(file: string, text: string): Named[] {
  return text.split('\n').flatMap((line, i) => {
    const told = file.endsWith('.md') ? codeIn(line) : withoutComment(filled(line))
    // The way to call a checkout's own: the rest is the same.
    const typed = told.replaceAll('npm run plimsoll -- ', 'plimsoll ')
    return [...typed.matchAll(/(?<![\w/@.-])plimsoll (?=[a-z-])(?:(?!plimsoll )[^'"`<>()\\])*/g)].map(([found]) => ({ file, line: i + 1, command: ended(found) }))
  })
}

/** Only as far as it is to be typed: prose that goes on begins with a stop, a comma, a dash, a comment or wide space. */
function ended(found: string): string {
  return (found.split(/[.,;:](?:\s|$)| {2,}| #|\s[–—|]/)[0] ?? '').trim().replace(/[.,;:]$/, '')
}

/** Every `${…}` as one word, the innermost first. */
function filled(line: string): string {
  const once = line.replace(/\$\{[^{}]*\}/g, 'sample')
  return once === line ? line : filled(once)
}

function withoutComment(line: string): string {
  return /^\s*(?:\/\/|\*|\/\*)/.test(line) ? '' : line.replace(/\s\/\/ .*$/, '')
}

/** In a document, what stands in backticks or is a line of an example. */
function codeIn(line: string): string {
  if (/^\s*(?:npm run )?plimsoll /.test(line)) return line
  return [...line.matchAll(/`([^`]*)`/g)].map(([, code]) => code).join(' ` ')
}
