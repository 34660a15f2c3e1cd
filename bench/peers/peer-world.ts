import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { endAllLeft } from '../../e2e/src/leaks/end-all-left.ts'
import { startPostgres, type Connection } from '../../packages/store/src/store.ts'
import { runTool } from './run-tool.ts'
import { environmentOf, migration, programs, type Ports, type Service } from './storefront-at.ts'
import type { TwoBuilds } from './two-builds.ts'

const run = promisify(execFile)

/** A directory of its own, a database of its own, the storefront's builds, and the proof that nothing is left. */
export interface PeerWorld {
  readonly home: string
  readonly builds: TwoBuilds
  /** The storefront's database, migrated, as those reach it who see its socket in `socketDirectory`. Made at the first call. */
  database(): Promise<Database>
  /** A fresh, writable copy of what a release runs of a service, as a deployment lays it down. Twice is once. */
  layDown(service: Service, release: number): Promise<string>
  /** Starts one instance as a process of its own, from a fresh copy. Returns before it listens. */
  start(service: Service, release: number, ports: Ports): Promise<Instance>
  /** Has something undone when the world is left, after all that was made later. */
  atLeave(undo: () => Promise<unknown>): void
  /** Ends what runs, removes the directory, and gives the commands of processes that nobody had ended. */
  leave(): Promise<string[]>
}

export interface Database {
  readonly socketDirectory: string
  /** Its address for a process to which that directory has this name. */
  url(socketDirectory: string): string
}

export interface Instance {
  /** Sends the signal and waits for the end of the process. Twice is once. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

export async function createPeerWorld(builds: TwoBuilds): Promise<PeerWorld> {
  const home = await mkdtemp(join(tmpdir(), 'pe-'))
  // The embedded database runs as another user when this runs as root, and must get through.
  await chmod(home, 0o755)
  const undoes: (() => Promise<unknown>)[] = []
  const atLeave: PeerWorld['atLeave'] = (undo) => void undoes.push(undo)
  const laidDown = new Map<string, Promise<string>>()
  const layDown = (service: Service, release: number): Promise<string> => {
    const directory = join(home, 'releases', String(release), service)
    const done = laidDown.get(directory) ?? copy(builds.of(release)[service].files, directory)
    laidDown.set(directory, done)
    return done
  }
  let database: Promise<Database> | undefined
  const theDatabase = (): Promise<Database> => (database ??= createDatabase(home, { migrateIn: layDown('api', 1), atLeave }))
  return {
    home,
    builds,
    database: theDatabase,
    layDown,
    atLeave,
    async start(service, release, ports) {
      const { url, socketDirectory } = await theDatabase()
      const given = environmentOf(service, { release, host: '127.0.0.1', port: ports[service], databaseUrl: url(socketDirectory), api: `127.0.0.1:${ports.api}` })
      const instance = await startInstance({ home, directory: await layDown(service, release), service, given })
      atLeave(() => instance.end('SIGKILL'))
      return instance
    },
    async leave() {
      await undoAll(undoes.splice(0))
      const left = await endAllLeft(home)
      await rm(home, { recursive: true, force: true, maxRetries: 3 })
      return left.map(({ command }) => command)
    },
  }
}

/** The last first. What cannot be undone is told, and does not keep the rest from being undone. */
async function undoAll(undoes: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const undo of undoes.toReversed()) await undo().catch(console.error)
}

async function copy(from: string, to: string): Promise<string> {
  await mkdir(join(to, '..'), { recursive: true })
  await run('cp', ['--archive', '--reflink=auto', '--', from, to])
  await run('chmod', ['-R', 'u+w', '--', to])
  return to
}

async function createDatabase(home: string, { migrateIn, atLeave }: { readonly migrateIn: Promise<string>; readonly atLeave: PeerWorld['atLeave'] }): Promise<Database> {
  const own = join(home, 'database')
  await mkdir(own, { mode: 0o755 })
  const postgres = await startPostgres({ home: own, systemDirectory: join(home, 'database.d') }, AbortSignal.timeout(120_000))
  atLeave(() => postgres.stop(AbortSignal.timeout(30_000)))
  const database = databaseAt(postgres.connection)
  await runTool(process.execPath, [migration], { cwd: await migrateIn, environment: { DATABASE_URL: database.url(database.socketDirectory), PLIMSOLL_HOME: home } })
  return database
}

/** By its socket, which containers can be given as a directory: so no peer is nearer to the database than another. */
function databaseAt({ host = '', port, user, database }: Connection): Database {
  return { socketDirectory: host, url: (directory) => `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(directory)}` }
}

interface Starting {
  readonly home: string
  readonly directory: string
  readonly service: Service
  readonly given: Readonly<Record<string, string>>
}

async function startInstance({ home, directory, service, given }: Starting): Promise<Instance> {
  const log = await open(join(home, `${given['RENDER_INSTANCE_ID']}.log`), 'a')
  const child = spawn(process.execPath, [programs[service]], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: home, PLIMSOLL_HOME: home, ...given },
    stdio: ['ignore', log.fd, log.fd],
  })
  await log.close()
  return {
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      await once(child, 'exit')
    },
  }
}
