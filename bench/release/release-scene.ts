import { execFile, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { endAllLeft } from '../../e2e/src/leaks/end-all-left.ts'
import { leftBehind } from '../../e2e/src/leaks/left-behind.ts'
import { freePorts } from '../../e2e/src/plimsoll/free-ports.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

export interface CommandTime {
  readonly seconds: number
  readonly out: string
}

/** A fresh clone of this repository with nothing running, and what is done to it. */
export interface ReleaseScene {
  readonly ground: string
  readonly clone: string
  readonly home: string
  readonly storefront: string
  readonly commit: string
  /** Runs a program in the clone. Throws with its last lines when it fails. */
  time(command: string, ...args: readonly string[]): Promise<CommandTime>
  /** Runs `plimsoll …` in the clone. */
  plimsoll(...args: readonly string[]): Promise<CommandTime>
  /** Replaces text in one file of the storefront and commits it. Throws when the text is not there. */
  change(path: string, from: string, to: string): Promise<void>
  /** Stops everything, removes all of it, and gives the commands of what had not stopped. */
  leave(): Promise<string[]>
}

export interface SceneOptions {
  /** Lets installations use the caches of whoever runs the bench: for benches that measure no installation. */
  readonly ownCaches?: boolean
}

/** Unless told otherwise nothing is cached, as on a machine that sees Plimsoll for the first time. */
export async function createReleaseScene({ ownCaches = false }: SceneOptions = {}): Promise<ReleaseScene> {
  const ground = await mkdtemp(join(tmpdir(), 'pb-'))
  // The embedded database runs as another user when this runs as root, and must get through.
  await chmod(ground, 0o755)
  const clone = join(ground, 'plimsoll')
  await run('git', ['clone', '-q', `file://${repository}`, clone])
  const commit = (await run('git', ['rev-parse', 'HEAD'], { cwd: clone })).stdout.trim()
  const home = join(ground, 'home')
  await mkdir(home)
  await chmod(home, 0o755)
  const env = { ...(await emptyEnvironment(ground, home)), ...(!ownCaches && emptyCaches(ground)) }
  const time = (command: string, ...args: readonly string[]): Promise<CommandTime> => timed({ command, args, cwd: clone, env })
  const plimsoll = (...args: readonly string[]): Promise<CommandTime> => time('node', join(clone, 'scripts/plimsoll.mjs'), ...args)
  return {
    ground, clone, home, commit, time, plimsoll,
    storefront: join(clone, 'examples/storefront'),
    async change(path, from, to) {
      const file = join(clone, 'examples/storefront', path)
      const before = await readFile(file, 'utf8')
      if (!before.includes(from)) throw new Error(`${path} does not contain "${from}"`)
      await writeFile(file, before.replace(from, to))
      await run('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@localhost', '-c', 'commit.gpgsign=false', 'commit', '-qam', `Change ${path}`], { cwd: clone })
    },
    async leave() {
      await plimsoll('down', '--all').catch(() => undefined) // what did not stop is counted below
      for (let waited = 0; waited < 100 && (await leftBehind(ground)).length > 0; waited += 1) await new Promise((resolve) => setTimeout(resolve, 100))
      const left = await endAllLeft(ground)
      await rm(ground, { recursive: true, force: true, maxRetries: 3 })
      return left.map(({ command }) => command)
    },
  }
}

/** This process's environment with a state of its own, empty, and ports of its own. */
async function emptyEnvironment(ground: string, home: string): Promise<NodeJS.ProcessEnv> {
  const from = await freePorts(40)
  const { DATABASE_URL: _, ...inherited } = process.env
  return {
    ...inherited,
    NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', TURBO_TELEMETRY_DISABLED: '1',
    TMPDIR: ground, PLIMSOLL_HOME: home,
    // What is measured is every switch that is asked for, and none that Plimsoll makes by itself.
    PLIMSOLL_WATCH_MS: '0',
    // What is measured is the release; what its verification takes is measured by itself.
    PLIMSOLL_SKIP_VERIFY: 'a bench',
    XDG_STATE_HOME: join(ground, 'state'),
    PLIMSOLL_EDGE_PORT: String(from), PLIMSOLL_CONSOLE_PORT: String(from + 1), PLIMSOLL_ENTRY_PORTS: String(from + 2),
  }
}

function emptyCaches(ground: string): Record<string, string> {
  return { XDG_CACHE_HOME: join(ground, 'cache'), XDG_DATA_HOME: join(ground, 'data'), npm_config_cache: join(ground, 'npm') }
}

interface Timing {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

async function timed({ command, args, cwd, env }: Timing): Promise<CommandTime> {
  const began = performance.now()
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  const seconds = (performance.now() - began) / 1000
  if (code === 0) return { seconds, out }
  throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${`${out}\n${err}`.trim().split('\n').slice(-6).join(' / ')}`)
}
