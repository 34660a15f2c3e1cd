import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pause } from '../load/pause.ts'

/** The door by which a test makes an API die or stop at a point with a name. */
export interface FaultDoor {
  /** What an API must find in its environment. */
  readonly environment: Readonly<Record<string, string>>
  arm(fault: { readonly signal: 'SIGKILL' | 'SIGSTOP'; readonly point: string; readonly pass: number; readonly afterMs: number }): Promise<void>
  /** Resolves true when the fault has struck, false when `over` settles before. */
  struck(over: Promise<unknown>): Promise<boolean>
  /** Takes back what has not struck. */
  disarm(): void
  /** The points that were passed since the last call, in order. */
  passed(): string[]
}

const lookMs = 10

export function openFaultDoor(directory: string): FaultDoor {
  const armed = join(directory, 'armed')
  const passed = join(directory, 'passed')
  return {
    environment: { PLIMSOLL_FAULTS: directory },
    async arm(fault) {
      await mkdir(directory, { recursive: true })
      // In one instant: the API reads it at every point.
      writeFileSync(`${armed}.new`, JSON.stringify({ ...fault, id: randomUUID() }))
      renameSync(`${armed}.new`, armed)
    },
    async struck(over) {
      let isOver = false
      const settled = (): void => void (isOver = true)
      over.then(settled, settled)
      while (existsSync(armed) && !isOver) await pause(lookMs)
      return !existsSync(armed)
    },
    disarm: () => rmSync(armed, { force: true }),
    passed() {
      if (!existsSync(passed)) return []
      const points = readFileSync(passed, 'utf8').split('\n').filter((point) => point !== '')
      rmSync(passed)
      return points
    },
  }
}
