import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startHaproxy } from './start-haproxy.ts'

test('a HAProxy that ends at its start is told with what it said then, and not with what another one said before', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'haproxy-'))
  try {
    const binary = join(directory, 'haproxy')
    const logFile = join(directory, 'haproxy.log')
    await writeFile(logFile, 'the one before\n')
    await writeFile(binary, '#!/bin/sh\necho "[ALERT] cannot bind" >&2\nexit 1\n')
    await chmod(binary, 0o755)
    const limits = { headersMs: 20_000, silenceMs: 60_000, idleMs: 75_000, connections: 100, headBytes: 32_768 }
    const starting = startHaproxy({ binary, directory, logFile, onNote: () => undefined, sharedPort: 4080, limits, trustedFronts: [], hasTerm: false, lastGeneration: 0 }, new Map())
    await expect(starting).rejects.toMatchObject({ code: 'EDGE_DOWN', message: `HAProxy (${binary}) did not start. It ended, and said: [ALERT] cannot bind` })
  } finally {
    await rm(directory, { recursive: true })
  }
})
