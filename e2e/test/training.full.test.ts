import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { builtConsole } from '@plimsoll/console/test/start-console'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lessonsIn, type TypedCommand } from '../src/plimsoll/lessons.ts'
import { createPlimsollHome, type PlimsollHome } from '../src/plimsoll/plimsoll-home.ts'

const checkout = fileURLToPath(new URL('../../', import.meta.url))

let plimsoll: PlimsollHome
beforeAll(async () => {
  // The course begins after the first `npm start`.
  await builtConsole()
  plimsoll = await createPlimsollHome({ PLIMSOLL_SKIP_VERIFY: '' })
}, 300_000)
afterAll(async () => {
  expect(await plimsoll?.leave()).toEqual([])
}, 120_000)

test('whoever types the commands of docs/training.md in their order gets the exit statuses that stand there', { timeout: 2_400_000 }, async () => {
  const commands = lessonsIn(await readFile(join(checkout, 'docs/training.md'), 'utf8')).flatMap((lesson) => lesson.commands)
  const { ends, printed } = await typed(commands)
  expect(ends, printed.slice(-6_000)).toEqual(commands.map(({ line, exits }) => `line ${line} exits ${exits}`))
})

/** Types all of it into one shell, which stops where a command ends otherwise than is said. */
async function typed(commands: readonly TypedCommand[]): Promise<{ readonly ends: readonly string[]; readonly printed: string }> {
  // What `mktemp` makes goes with the home. Another TMPDIR would make the paths of Chromium's sockets too long in copies.
  const below = `mktemp() { command mktemp --tmpdir='${plimsoll.home}' "$@"; }\n`
  const script = below + commands.map(({ line, command, exits }) => `echo '$ line ${line}'\n${command}\nstatus=$?; echo "line ${line} exits $status" >&3; [ $status -eq ${exits} ] || exit 1\n`).join('')
  const author = { GIT_AUTHOR_NAME: 'Reader', GIT_AUTHOR_EMAIL: 'reader@localhost', GIT_COMMITTER_NAME: 'Reader', GIT_COMMITTER_EMAIL: 'reader@localhost' }
  const shell = spawn('bash', ['-c', script], { cwd: checkout, env: { ...plimsoll.environment, ...author }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [shell.stdout, shell.stderr]) stream?.on('data', (piece: Buffer) => (printed += piece.toString()))
  const [ends] = await Promise.all([text(shell.stdio[3] as Readable), once(shell, 'close')])
  return { ends: ends.split('\n').filter((line) => line !== ''), printed }
}
