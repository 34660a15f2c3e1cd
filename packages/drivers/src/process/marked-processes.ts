import type { Clock } from '@plimsoll/engine'
import { endProcesses } from './end-processes.ts'
import { inTurns, listProcesses, readEnvironment, type ProcessEntry } from './process-table.ts'

/** Processes of this machine, known by a variable of the environment that they were started with. */
export interface MarkedProcesses {
  /** Those that live. One that wrote over its environment, or is somebody else's, is not found. */
  find(key: string, value: string): Promise<readonly ProcessEntry[]>
  /** SIGTERM, and SIGKILL after `graceMs`, until none is left. */
  end(mark: { readonly key: string; readonly value: string; readonly graceMs: number }, signal: AbortSignal): Promise<void>
}

export function createMarkedProcesses(clock: Clock): MarkedProcesses {
  const find = async (key: string, value: string) => {
    const entries = await listProcesses()
    const marked = await inTurns(entries, ({ pid }) => readEnvironment(pid, key).get(key) === value)
    return entries.filter((_, index) => marked[index] === true)
  }
  return {
    find,
    async end({ key, value, graceMs }, signal) {
      await endProcesses({ find: () => find(key, value), graceMs, clock }, signal)
    },
  }
}
