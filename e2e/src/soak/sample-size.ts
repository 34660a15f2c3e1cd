import { readdir, readFile } from 'node:fs/promises'
import { edgeHealth, edgePaths } from '@plimsoll/edge'
import { connectionsOf } from '../crash/home-processes.ts'
import type { CrashWorld } from '../crash/crash-world.ts'
import { pause } from '../load/pause.ts'

/** How large the long-lived processes of a home are. */
export interface SizeSample {
  readonly role: 'edge' | 'API'
  readonly pid: number
  readonly megabytes: number
  /** Open files and sockets. */
  readonly files: number
}

/** Longer than the edge keeps a connection to an instance that nobody uses. */
const longestCloseMs = 15_000

/**
 * Of the edge that serves and of the API, at rest and with nobody to serve: what the edge has open then is its own. A connection
 * that stays open all the same is counted, for that is a leak.
 */
export async function sampleSizes(world: CrashWorld): Promise<SizeSample[]> {
  const edge = await edgeHealth(edgePaths(world.home), AbortSignal.timeout(10_000))
  for (const until = Date.now() + longestCloseMs; edge !== undefined && Date.now() < until; await pause(100)) {
    if ((await connectionsOf(edge.pid)) === 0) break
  }
  const api = await world.apiPid()
  return Promise.all([...(edge === undefined ? [] : [sizeOf('edge', edge.pid)]), sizeOf('API', api)])
}

async function sizeOf(role: SizeSample['role'], pid: number): Promise<SizeSample> {
  const [status, files] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readdir(`/proc/${pid}/fd`)])
  return { role, pid, megabytes: Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024), files: files.length }
}
