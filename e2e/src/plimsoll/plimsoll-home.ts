import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createClient, readEndpoint, type Client } from '@plimsoll/client'
import { releaseEventSchema, problemSchema, type Problem, type Release, type ReleaseEvent } from '@plimsoll/model'
import { endAllLeft } from '../leaks/end-all-left.ts'
import { leftBehind } from '../leaks/left-behind.ts'
import { pause } from '../load/pause.ts'
import { freePorts } from './free-ports.ts'

const cli = fileURLToPath(new URL('../../../apps/cli/bin/plimsoll.mjs', import.meta.url))

/** Longer than any shutdown of the fixtures takes. */
const longestGoodbyeMs = 20_000

/** How one command of the CLI ended. */
export interface CommandEnd {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** What `--json` printed: the events of a release, in order. */
  readonly events: readonly ReleaseEvent[]
  /** The release as it settled. */
  readonly release: Release | undefined
  /** What the command, or the release that it watched, failed with. */
  readonly problem: Problem | undefined
}

/** A command that runs. */
export interface RunningCommand {
  readonly ended: Promise<CommandEnd>
  /** Fulfils at the first line of output that matches. Rejects when the command ends before. */
  printed(pattern: RegExp): Promise<void>
  kill(signal: NodeJS.Signals): void
}

/** A Plimsoll of its own: an empty home, ports that nobody else has, and the commands that act on it. */
export interface PlimsollHome {
  readonly home: string
  /** Where the shared port of all apps is. */
  readonly edgePort: number
  /** What each command is started with: for a shell in which a person would type them. */
  readonly environment: NodeJS.ProcessEnv
  start(args: readonly string[], options?: { readonly cwd?: string }): RunningCommand
  run(args: readonly string[], options?: { readonly cwd?: string }): Promise<CommandEnd>
  client(): Promise<Client>
  /** Stops everything, removes the home (after `unmount`, where disks were mounted in it), and gives the commands of processes that did not stop by themselves. */
  leave(unmount?: () => Promise<void>): Promise<string[]>
}

/** `environment` is added to that of every command, and so of the API that the first one starts; `enter` are words before each of them, for it to run elsewhere. */
export async function createPlimsollHome(environment: Readonly<Record<string, string>> = {}, enter: readonly string[] = []): Promise<PlimsollHome> {
  const home = await mkdtemp(join(tmpdir(), 'pe-'))
  // Root runs the database as another user: closed to that one, the home could not hold it, and what it leaves behind would not be seen.
  await chmod(home, 0o755)
  const from = await freePorts(20)
  // Nothing goes back by itself unless a test is about that.
  const settings = { PLIMSOLL_WATCH_MS: '0', PLIMSOLL_SKIP_VERIFY: 'what is proven here is the release itself', PLIMSOLL_HOME: home, PLIMSOLL_EDGE_PORT: String(from), PLIMSOLL_CONSOLE_PORT: String(from + 1), PLIMSOLL_ENTRY_PORTS: String(from + 2) }
  // Colours and live lines are for terminals, and the repository's own database is not this home's.
  const { DATABASE_URL: _, ...inherited } = process.env
  const env = { ...inherited, ...settings, NO_COLOR: '1', ...environment }
  const start: PlimsollHome['start'] = (args, options) => startCommand([...enter, process.execPath, cli, ...args], { env, cwd: options?.cwd ?? home })
  return {
    home,
    edgePort: from,
    environment: env,
    start,
    run: (args, options) => start(args, options).ended,
    async client() {
      const { url, token } = await readEndpoint(home)
      return createClient({ baseUrl: url, token })
    },
    async leave(unmount) {
      await start(['down', '--all']).ended
      await untilNoneLeft(home)
      const left = await endAllLeft(home)
      await unmount?.()
      await rm(home, { recursive: true, force: true, maxRetries: 3 })
      return left.map(({ command }) => command)
    },
  }
}

/** Gives processes that have been told to end the time to do so. */
async function untilNoneLeft(home: string): Promise<void> {
  const until = Date.now() + longestGoodbyeMs
  while (Date.now() < until && (await leftBehind(home)).length > 0) await pause(100)
}

function startCommand([program = '', ...args]: readonly string[], { env, cwd }: { readonly env: NodeJS.ProcessEnv; readonly cwd: string }): RunningCommand {
  const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let soFar = ''
  child.stdout.on('data', (piece: Buffer) => (soFar += piece.toString()))
  const whole = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit') as Promise<[number | null]>])
  const ended = whole.then(([out, err, [code]]) => readEnd({ code, out, err }))
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => void (pattern.test(soFar) && resolve())
        child.stdout.on('data', look)
        child.once('exit', () => reject(new Error(`the command ended without printing ${String(pattern)}:\n${soFar}`)))
        look()
      }),
  }
}

function readEnd(end: Pick<CommandEnd, 'code' | 'out' | 'err'>): CommandEnd {
  const values = end.out.split('\n').filter((line) => line.startsWith('{')).map(parsed)
  const events = values.map((value) => releaseEventSchema.safeParse(value)).flatMap((read) => (read.success ? [read.data] : []))
  const last = events.at(-1)
  const release = last?.event === 'end' ? last.data : undefined
  return { ...end, events, release, problem: problemIn(values) ?? problemOf(release) }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // a line that a person is meant to read
  }
}

function problemIn(values: readonly unknown[]): Problem | undefined {
  const found = values.find((value) => typeof value === 'object' && value !== null && 'problem' in value && !('event' in value))
  return found === undefined ? undefined : problemSchema.parse((found as { problem: unknown }).problem)
}

function problemOf(release: Release | undefined): Problem | undefined {
  const outcome = release?.outcome
  return outcome !== undefined && 'problem' in outcome ? outcome.problem : undefined
}
