import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const cli = fileURLToPath(new URL('../bin/plimsoll.mjs', import.meta.url))

test('a reader who has read enough ends the command, without a word', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'pipe-'))
  try {
    await writeFile(join(directory, 'render.yaml'), `services:\n${'  - type: what\n'.repeat(20_000)}`)
    const child = spawn(process.execPath, [cli, 'check', directory], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.once('data', () => child.stdout.destroy())
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect({ said, code }).toEqual({ said: '', code: 141 })
  } finally {
    await rm(directory, { recursive: true })
  }
})
