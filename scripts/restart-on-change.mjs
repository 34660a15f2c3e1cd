// Runs a program of Node's, and runs it anew when a file below one of the directories changes: node scripts/restart-on-change.mjs PROGRAM DIRECTORY...
// Node's own --watch needs the channel between processes that Plimsoll closes once it is up.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs/promises'

const [program = '', ...directories] = process.argv.slice(2)
const leaving = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => leaving.abort())

let changed = Promise.withResolvers()
for (const directory of directories) void tellOfChanges(directory)
while (!leaving.signal.aborted) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], { stdio: 'inherit' })
  const ended = once(child, 'exit')
  leaving.signal.addEventListener('abort', changed.resolve)
  await changed.promise
  changed = Promise.withResolvers()
  child.kill('SIGTERM')
  await ended
}

async function tellOfChanges(directory) {
  try {
    for await (const { filename } of watch(directory, { recursive: true, signal: leaving.signal })) {
      if (filename?.endsWith('.test.ts') !== true) changed.resolve()
    }
  } catch (error) {
    if (!leaving.signal.aborted) throw error
  }
}
