import { readFile } from 'node:fs/promises'
import { pause } from '../load/pause.ts'

/** Waits until a process has gone, or is one that nobody has asked about its end yet. */
export async function untilGone(pid: number): Promise<void> {
  while (await isThere(pid)) await pause(10)
}

export async function isThere(pid: number): Promise<boolean> {
  return !['', 'Z', 'X'].includes(await stateOf(pid))
}

/** Waits until a process stands still. */
export async function untilStopped(pid: number): Promise<void> {
  while ((await stateOf(pid)) !== 'T') await pause(5)
}

/** The kernel's letter for it; empty when there is no such process. */
async function stateOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return /^\d+ \(.*\) (\S)/s.exec(stat)?.[1] ?? ''
}
