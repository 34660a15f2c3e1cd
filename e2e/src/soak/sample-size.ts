import { readdir, readFile } from 'node:fs/promises'
import { edgeHealth, edgePaths } from '@plimsoll/edge'
import type { CrashWorld } from '../crash/crash-world.ts'

/** How large the long-lived processes of a home are. */
export interface SizeSample {
  readonly role: 'edge' | 'API'
  readonly pid: number
  readonly megabytes: number
  /** Open files and sockets. */
  readonly files: number
}

/** Of the edge that serves and of the API, at rest. */
export async function sampleSizes(world: CrashWorld): Promise<SizeSample[]> {
  const edge = await edgeHealth(edgePaths(world.home), AbortSignal.timeout(10_000))
  const api = await world.apiPid()
  return Promise.all([...(edge === undefined ? [] : [sizeOf('edge', edge.pid)]), sizeOf('API', api)])
}

async function sizeOf(role: SizeSample['role'], pid: number): Promise<SizeSample> {
  const [status, files] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readdir(`/proc/${pid}/fd`)])
  return { role, pid, megabytes: Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024), files: files.length }
}
