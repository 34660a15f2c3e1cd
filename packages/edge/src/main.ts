import { closeSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { errorCodes, PlimsollError, toProblem } from '@plimsoll/model'
import { edgeHealth } from './control/edge-process.ts'
import { type EdgePaths, edgePaths } from './edge-paths.ts'
import { readEdgeSecrets } from './fleet/fleet-keys.ts'
import { type HomeLock, inheritedLock, lockHome } from './home-lock.ts'
import { awaitInheritance, type Inheritance } from './life/await-inheritance.ts'
import { SharedSockets } from './life/shared-sockets.ts'
import type { HeirProgram } from './life/start-heir.ts'
import { resolverOfEngine } from './member/sight.ts'
import { loadEdgeSettings } from './settings/edge-settings.ts'
import { type ProcessConfig, processConfig } from './settings/process-config.ts'
import { type RunningEdge, startEdge } from './start-edge.ts'
import { rehearseSnapshot } from './table/snapshot.ts'

/** How long another edge that holds the lock is given to answer. */
const otherMs = 10_000

interface Arguments {
  readonly home?: string | undefined
  readonly port?: string | undefined
  readonly haproxy?: string | undefined
  readonly version?: string | undefined
  readonly 'ready-fd'?: string | undefined
  readonly heir?: boolean | undefined
}

const log = (line: string): void => void process.stdout.write(`${new Date().toISOString()} ${line}\n`)

await main()

/**
 * `node main.ts --home DIR [--port N] [--haproxy FILE] [--version V] [--ready-fd N]`: runs until it is told to stop, by the control socket or a
 * signal. With `--heir` it waits first until the edge that started it has died or asks it to serve. In a container the environment says the
 * same, and more ({@link processConfig}); what stands in the command goes before.
 */
async function main(): Promise<void> {
  const string = { type: 'string' } as const
  const { values } = parseArgs({ options: { home: string, port: string, haproxy: string, version: string, 'ready-fd': string, heir: { type: 'boolean' } } })
  const tell = teller(values['ready-fd'])
  try {
    const config = processConfig(process.env)
    const home = values.home ?? config.home
    const paths = pathsOf(home)
    await mkdir(paths.directory, { recursive: true, mode: 0o700 })
    const inheritance = values.heir === true ? await awaitInheritance(async () => rehearseSnapshot(paths.snapshot)) : undefined
    if (values.heir === true && inheritance === undefined) return
    const since = performance.now()
    const sockets = new SharedSockets(inheritance?.sockets)
    const lock = await lockOf(sockets, paths)
    if (lock === undefined) return tell('already-running')
    const edge = await begin(values, config, { lock, sockets, inheritance })
    if (inheritance !== undefined && inheritance.elder === undefined) log(`the edge before died; this one (pid ${process.pid}) serves ${Math.round(performance.now() - since)} ms after it was noticed`)
    else log(`edge (pid ${process.pid}) serves from ${home}`)
    tell('ready')
    await edge.closed
    log('edge stopped')
    process.exit(0)
  } catch (error) {
    fail(tell, error)
  }
}

function pathsOf(home: string | undefined): EdgePaths {
  if (home === undefined) throw new PlimsollError('USAGE', 'The edge does not know where it lives.', { hint: 'Give it a directory: --home DIR, or PLIMSOLL_EDGE_HOME' })
  return edgePaths(home)
}

/** Undefined when another edge has it and serves. One that has it and does not serve is about to, or about to end: either is waited for. */
async function lockOf(sockets: SharedSockets, paths: EdgePaths): Promise<HomeLock | undefined> {
  const inherited = sockets.take('lock')
  if (inherited !== undefined) return inheritedLock(inherited)
  for (const deadline = AbortSignal.timeout(otherMs); ; await setTimeout(50, undefined, { signal: deadline })) {
    const lock = await lockHome(paths.directory)
    if (lock !== undefined) return lock
    const other = await edgeHealth(paths, deadline)
    if (other === undefined) continue
    log(`an edge (pid ${other.pid}) serves from here already`)
    return undefined
  }
}

interface Beginning {
  readonly lock: HomeLock
  readonly sockets: SharedSockets
  readonly inheritance: Inheritance | undefined
}

async function begin(values: Arguments, config: ProcessConfig, { lock, sockets, inheritance }: Beginning): Promise<RunningEdge> {
  const { home = config.home ?? '', haproxy = config.haproxy, version } = values
  const { hosts, control, settings } = config
  const shared = values.port === undefined ? config.port : Number(values.port)
  const optional = { ...(shared !== undefined && { port: shared }), ...(haproxy !== undefined && { haproxy }), ...(version !== undefined && { version }), ...(hosts !== undefined && { hosts }), ...(settings !== undefined && { settings: await loadEdgeSettings(settings) }) }
  const fleet = control === undefined ? undefined : { ...control, keys: await readEdgeSecrets(config.secrets), resolver: resolverOfEngine() }
  // In a container a heir would end with the process before it; and a table that was not confirmed must not be served.
  const life = fleet === undefined ? { heirProgram: ownProgram() } : { fleet }
  const edge = startEdge({ home, lock, sockets, elder: inheritance?.elder, log, ...life, ...optional })
  inheritance?.settle(edge)
  const running = await edge
  // A fault in the handling of one request must not end all the others.
  process.on('uncaughtException', (error) => log(`BUG ${error.stack ?? error.message}`))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void running.close())
  return running
}

/** The program that this process runs, for one that is to do the same. */
function ownProgram(): HeirProgram {
  const options = process.argv.slice(2)
  const own = options.filter((word, at) => word !== '--heir' && word !== '--ready-fd' && options[at - 1] !== '--ready-fd')
  return { node: process.execPath, nodeOptions: process.execArgv, entry: process.argv[1] ?? '', options: own }
}

/** Whoever started the process reads one line from this descriptor; started by hand, or as heir, there is none. */
function teller(fd: string | undefined): (word: string) => void {
  if (fd === undefined) return () => undefined
  return (word) => {
    // Node would write it at the end of the process, in a home that may be gone by then.
    flushCompileCache()
    writeSync(Number(fd), `${word}\n`)
    closeSync(Number(fd))
  }
}

function fail(tell: (word: string) => void, error: unknown): void {
  const problem = toProblem(error)
  log(`${problem.code} ${problem.message}`)
  tell(JSON.stringify(problem))
  process.exitCode = errorCodes[problem.code].exit
  // Sockets that are open already must not keep it. Its elder is told first, and ends it.
  if (!process.connected) process.exit()
}
