import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEdge, ensureEdge, stopEdge } from '@plimsoll/edge'
import type { Edge } from '@plimsoll/engine'

/** Where the edge of a verification keeps what is its own: the path to a socket in it must be short, whatever the home is called. */
function edgeHome(id: string): string {
  return join(tmpdir(), `plimsoll-v-${id}`)
}

/** Starts an edge for one verification: it goes up while something is built. What keeps it from that is thrown by `up`. */
export function openRehearsalEdge(id: string, signal: AbortSignal): { readonly up: Promise<Edge>; readonly close: () => Promise<void> } {
  const up = start(edgeHome(id), signal)
  up.catch(() => undefined) // Thrown to whoever waits for it.
  return {
    up,
    async close() {
      await up.catch(() => undefined)
      await removeRehearsalEdge(id)
    },
  }
}

async function start(home: string, signal: AbortSignal): Promise<Edge> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  return createEdge({ controlSocket: (await ensureEdge({ home }, signal)).controlSocket })
}

const stopMs = 30_000

/** Ends it, also one that another process has started, with all that it kept. Twice is once. */
export async function removeRehearsalEdge(id: string): Promise<void> {
  const home = edgeHome(id)
  await stopEdge({ home }, AbortSignal.timeout(stopMs))
  await rm(home, { recursive: true, force: true })
}
