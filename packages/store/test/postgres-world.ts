import { type ChildProcess, fork, type ForkOptions } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Connection, type EmbeddedPostgres, startPostgres, type StartPostgresOptions, stopPostgres } from '../src/store.ts'

export const never = new AbortController().signal

/** A directory of its own for one embedded server, ended and removed by `end`. */
export async function postgresWorld() {
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-world-'))
  // As /var/lib is: open to the server's account, while `home` inside it is not.
  await chmod(directory, 0o711)
  const home = join(directory, 'home')
  const options = { home, systemDirectory: join(directory, 'system'), runtimeDirectory: directory, durable: false }
  const children: ChildProcess[] = []
  const held: EmbeddedPostgres[] = []
  return {
    directory,
    home,
    options,
    async start(more: Partial<StartPostgresOptions> = {}): Promise<EmbeddedPostgres> {
      const server = await startPostgres({ ...options, ...more }, never)
      held.push(server)
      return server
    },
    stop: () => stopPostgres({ home }, never),
    /** A process of its own that starts the server, and what it said when that was done. */
    startInChild(more: ForkOptions & { readonly home?: string } = {}) {
      const child = fork(new URL('./start-in-child.ts', import.meta.url), [more.home ?? home, options.systemDirectory], { execArgv: [], ...more })
      children.push(child)
      return { child, said: once(child, 'message').then(([message]) => message as ChildReport) }
    },
    async end() {
      held.forEach((server) => server.detach())
      await Promise.all(children.map(endChild))
      await stopPostgres({ home }, never)
      await rm(directory, { recursive: true, force: true })
      return commandsIn(directory)
    },
  }
}

export interface ChildReport {
  readonly how?: string
  readonly pid?: number
  readonly connection?: Connection
  readonly error?: string
}

export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

export async function query<Row extends pg.QueryResultRow>(connection: pg.ClientConfig, text: string): Promise<Row[]> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

/** Command lines of the processes that mention `directory`: what a test left running. */
function commandsIn(directory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf)
    .filter((command) => command.includes(directory))
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // Ended while we looked.
  }
}
