import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What a test asks for, in the file `armed` of its directory: one JSON value. */
const armedSchema = z.object({
  /** KILL: as if the power went. STOP: as if the machine forgot this process, until somebody sends SIGCONT. */
  signal: z.enum(['SIGKILL', 'SIGSTOP']),
  /** As it stands in the file `passed`. */
  point: z.string(),
  /** At which pass of the point since it was armed; the first unless given. */
  pass: z.number().int().positive().default(1),
  /** Passes are counted for each id anew. */
  id: z.string(),
  /** For a point inside a call: how long after its beginning. */
  afterMs: z.number().nonnegative().default(0),
})

/**
 * Points of the API's work with names, at which a test makes the process die or stop: the only way to be killed exactly
 * there. Each point that is passed is written down in `passed`, and the fault strikes once: it is disarmed before it does.
 */
export interface FaultPoints {
  pass(point: string): void
  /** A point inside a call, which goes on until `over` settles. */
  passDuring(point: string, over: Promise<unknown>): void
}

/** The points of a test that uses `directory`. */
export function openFaultPoints(directory: string): FaultPoints {
  const armedFile = join(directory, 'armed')
  const passes = new Map<string, number>()
  mkdirSync(directory, { recursive: true })

  function armedAt(point: string): z.infer<typeof armedSchema> | undefined {
    appendFileSync(join(directory, 'passed'), `${point}\n`)
    const text = readIfThere(armedFile)
    const armed = text === undefined ? undefined : armedSchema.parse(JSON.parse(text))
    if (armed?.point !== point) return undefined
    const count = (passes.get(armed.id) ?? 0) + 1
    passes.set(armed.id, count)
    return count === armed.pass ? armed : undefined
  }

  function strike(signal: NodeJS.Signals): void {
    rmSync(armedFile)
    process.kill(process.pid, signal)
  }

  return {
    pass(point) {
      const armed = armedAt(point)
      if (armed !== undefined) strike(armed.signal)
    },
    passDuring(point, over) {
      const armed = armedAt(point)
      if (armed === undefined) return
      const timer = setTimeout(() => strike(armed.signal), armed.afterMs)
      const missed = (): void => clearTimeout(timer)
      over.then(missed, missed)
    },
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // Nothing is armed.
  }
}
