import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '@plimsoll/engine/contract'
import { openDockerEngine } from '../../src/docker-engine/docker-engine.ts'
import type { EngineAddress } from '../../src/docker-engine/engine-address.ts'
import { realClock } from '../real-clock.ts'

/** A machine for tests: an engine of its own in a network of its own, which can be killed, or lose its power with everything that it runs. */
export interface DockerLab extends LabName {
  readonly address: EngineAddress
  /** Words that go before a command, for it to be one of this machine: where containers publish, only that machine is reached. */
  readonly enter: readonly string[]
  /** Starts the engine, and whatever it starts by itself; resolves when it answers. With `liveRestore` containers outlive an engine that dies, and else they do until the next one finds them. */
  boot(options?: { readonly liveRestore?: boolean }): Promise<void>
  /** Ends the engine by SIGKILL, and nothing else. */
  killEngine(): Promise<void>
  /** Ends every process of it by SIGKILL. Its disk stays. */
  cutPower(): Promise<void>
  /** Ends and removes everything. */
  remove(): Promise<void>
}

/** By which another process finds a lab. */
export interface LabName {
  readonly directory: string
  readonly network: string
}

/** Makes a machine that is not running yet. */
export function createDockerLab(): DockerLab {
  const network = `plimsoll-${randomBytes(4).toString('hex')}`
  execFileSync('ip', ['netns', 'add', network])
  execFileSync('ip', ['-n', network, 'link', 'set', 'lo', 'up'])
  return dockerLabAt({ directory: mkdtempSync(join(tmpdir(), 'plimsoll-lab-')), network })
}

/** One that was made by {@link createDockerLab}, perhaps in another process. */
export function dockerLabAt({ directory, network }: LabName): DockerLab {
  const enter = ['nsenter', `--net=${join('/run/netns', network)}`]
  const socket = join(directory, 'socket')
  const pidFile = join(directory, 'pid')
  const ground = join(directory, 'ground')
  /** A process for whose sake the mounts of the machine are there, for one engine after the other. */
  const standOnGround = (): number => {
    const known = Number(read(ground))
    if (known !== 0 && isAlive(known)) return known
    const [program = '', ...rest] = [...enter, 'unshare', '-m', '--propagation', 'private', 'sleep', 'infinity']
    const holder = spawn(program, rest, { stdio: 'ignore', detached: true })
    holder.unref()
    const { pid = 0 } = holder
    writeFileSync(ground, String(pid))
    return pid
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const all = (): number[] => [...processesOf(directory), Number(read(ground))].filter(isAlive)
    for (const pid of all()) kill(pid, signal)
    await waitUntil('everything has ended', () => all().length === 0, { clock: realClock })
  }
  return {
    directory, network, enter,
    address: { via: 'socket', path: socket },
    async boot({ liveRestore = false } = {}) {
      const log = openSync(join(directory, 'log'), 'a')
      const words = ['dockerd', '--data-root', join(directory, 'data'), '--exec-root', join(directory, 'run'), '-H', `unix://${socket}`, '--pidfile', pidFile, ...(liveRestore ? ['--live-restore'] : [])]
      const pid = standOnGround()
      await waitUntil('it has mounts of its own', () => readlinkSync(`/proc/${pid}/ns/mnt`) !== readlinkSync('/proc/self/ns/mnt'), { clock: realClock })
      const [program = '', ...rest] = [...enter, `--mount=/proc/${pid}/ns/mnt`, ...words]
      spawn(program, rest, { stdio: ['ignore', log, log], detached: true }).unref()
      const engine = openDockerEngine({ via: 'socket', path: socket })
      await waitUntil('the engine answers', () => engine.call({ path: '/version', to: 'answer' }, AbortSignal.timeout(5_000)).then(() => true, () => false), { clock: realClock, withinMs: 60_000 })
    },
    async killEngine() {
      // Its helper dies with it, a moment later; an engine that starts sooner, or before somebody has asked about its end, would rely on it.
      const pids = [pidFile, join(directory, 'run/containerd/containerd.pid')].map((file) => Number(read(file)))
      kill(pids[0] ?? 0, 'SIGKILL')
      await waitUntil('the engine has ended', () => pids.every((pid) => !existsSync(`/proc/${pid}`)), { clock: realClock })
    },
    async cutPower() {
      await end('SIGKILL')
      // As /run is empty when a machine starts.
      rmSync(join(directory, 'run'), { recursive: true, force: true })
      rmSync(pidFile, { force: true })
    },
    async remove() {
      // An engine that is told to end puts its own mounts away.
      await end('SIGTERM').catch(() => undefined)
      await end('SIGKILL')
      execFileSync('ip', ['netns', 'del', network])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Why this machine can have none; undefined where it can. Throws where PLIMSOLL_REQUIRE says that it must. */
export function whyNoDockerLab(): string | undefined {
  const path = (process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin')
  const lacks = ['dockerd', 'nsenter', 'unshare', 'ip'].filter((name) => !path.some((directory) => existsSync(join(directory, name))))
  const why = process.getuid?.() !== 0 ? 'skipped: not root' : lacks.length > 0 ? `skipped: no ${lacks.join(', ')}` : undefined
  if (why !== undefined && (process.env['PLIMSOLL_REQUIRE'] ?? '').split(',').includes('docker')) throw new Error(`PLIMSOLL_REQUIRE asks for docker, and an engine of our own cannot be started (${why})`)
  return why
}

/** The engine, its helpers, and all containers, which are children of theirs. */
function processesOf(directory: string): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = new Map(all.map((pid) => [pid, Number(/^PPid:\t(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1])]))
  // By the paths that it was given: whoever else names the directory is none of it.
  const roots = all.filter((pid) => read(`/proc/${pid}/cmdline`).includes(join(directory, 'run')))
  const children = (of: readonly number[]): number[] => {
    const found = all.filter((pid) => of.includes(parents.get(pid) ?? 0))
    return found.length === 0 ? [] : [...found, ...children(found)]
  }
  return [...new Set([...roots, ...children(roots)])].filter(isAlive)
}

function isAlive(pid: number): boolean {
  if (pid === 0) return false
  const status = read(`/proc/${pid}/status`)
  return status !== '' && !/^State:\tZ/m.test(status)
}

function kill(pid: number, signal: NodeJS.Signals): void {
  // 0 would be ourselves.
  if (pid === 0) return
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended with another one.
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // It has ended.
  }
}
