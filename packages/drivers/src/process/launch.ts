import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { markerEnvironment } from './markers.ts'
import type { Place } from './place.ts'
import { identifyChild, type ProcessId } from './process-table.ts'
import { noteRunning, type Marker } from './running.ts'

export interface Launch {
  readonly command: readonly [string, ...string[]]
  readonly directory: string
  /** Who the process will be; becomes a part of its environment. */
  readonly marker: Marker
  /** Nothing of our own environment is added. */
  readonly environment: Readonly<Record<string, string>>
  readonly logFile: string
}

export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

export interface Launched {
  readonly id: ProcessId
  /** Settles when we, the parent, are told. */
  readonly exit: Promise<Exit>
}

/**
 * Starts a process that does not depend on ours: it leads a session of its own and writes straight
 * into its file, so that it neither notices nor cares when we end.
 */
export async function launch(place: Place, { command, directory, marker, environment, logFile }: Launch): Promise<Launched> {
  await mkdir(dirname(logFile), { recursive: true, mode: 0o700 })
  const log = await open(logFile, 'a', 0o600)
  try {
    const [program, ...args] = command
    const child = spawn(program, args, { cwd: directory, env: { ...environment, ...markerEnvironment(marker) }, detached: true, stdio: ['ignore', log.fd, log.fd] })
    const exit = exitOf(child)
    if (child.pid === undefined) await exit
    if (child.pid === undefined) throw new Error(`${program} did not start`)
    const id = identifyChild(child.pid)
    child.unref()
    await noteRunning(place, id, marker)
    return { id, exit }
  } finally {
    await log.close()
  }
}

function exitOf(child: ChildProcess): Promise<Exit> {
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  // Whoever launches either waits for this or does not want to know.
  exit.catch(() => undefined)
  return exit
}
