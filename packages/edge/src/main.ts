import { closeSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { errorCodes, PlimsollError, toProblem } from '@plimsoll/model'
import { edgeHealth } from './control/edge-process.ts'
import { type EdgePaths, edgePaths } from './edge-paths.ts'
import { lockHome } from './home-lock.ts'
import { startEdge } from './start-edge.ts'

/** How long another edge that holds the lock is given to answer. */
const otherMs = 10_000

const log = (line: string): void => void process.stdout.write(`${new Date().toISOString()} ${line}\n`)

await main()

/** `node main.ts --home DIR [--port N] [--ready-fd N]`: runs until it is told to stop, by the control socket or a signal. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { home: { type: 'string' }, port: { type: 'string' }, 'ready-fd': { type: 'string' } } })
  const tell = teller(values['ready-fd'])
  try {
    if (values.home === undefined) throw new PlimsollError('USAGE', 'The edge does not know where it lives.', { hint: 'Give it a directory: --home DIR' })
    const paths = edgePaths(values.home)
    await mkdir(paths.directory, { recursive: true, mode: 0o700 })
    const lock = await lockHome(paths.directory)
    if (lock === undefined) return await leaveToTheOther(paths, tell)
    const edge = await startEdge({ home: values.home, lock, log, ...(values.port !== undefined && { port: Number(values.port) }) })
    // Nobody starts the edge again while Plimsoll is away. A fault in the handling of one request must not end all the others.
    process.on('uncaughtException', (error) => log(`BUG ${error.stack ?? error.message}`))
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void edge.close())
    log(`edge (pid ${process.pid}) serves from ${values.home}`)
    tell('ready')
    await edge.closed
    log('edge stopped')
    process.exit(0)
  } catch (error) {
    fail(tell, error)
  }
}

/** The lock is held: the other edge serves, or is about to. */
async function leaveToTheOther(paths: EdgePaths, tell: (word: string) => void): Promise<void> {
  const deadline = AbortSignal.timeout(otherMs)
  for (;;) {
    const other = await edgeHealth(paths, deadline)
    if (other !== undefined) {
      log(`an edge (pid ${other.pid}) serves from here already`)
      return tell('already-running')
    }
    await setTimeout(50, undefined, { signal: deadline })
  }
}

/** Whoever started the process reads one line from this descriptor; started by hand there is none. */
function teller(fd: string | undefined): (word: string) => void {
  if (fd === undefined) return () => undefined
  return (word) => {
    writeSync(Number(fd), `${word}\n`)
    closeSync(Number(fd))
  }
}

function fail(tell: (word: string) => void, error: unknown): void {
  const problem = toProblem(error)
  log(`${problem.code} ${problem.message}`)
  tell(JSON.stringify(problem))
  process.exitCode = errorCodes[problem.code].exit
}
