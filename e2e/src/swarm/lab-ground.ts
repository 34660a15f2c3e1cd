import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitUntil } from '@plimsoll/engine/contract'
import { labClock } from './lab-clock.ts'

const prefix = 'plimsoll-swarm-'
const groups = '/sys/fs/cgroup'

/** Namespaces of their own for network, mounts, host name and processes, which are there for as long as their first process is. */
export interface Ground {
  /** Words that go before a command, for it to run there. */
  readonly enter: readonly string[]
  /** Of its first process, as this machine counts. */
  readonly pid: number
  /** Ends every process that is there, which takes its mounts and its network along. */
  end(): Promise<void>
}

/** By which everything of a lab is found: the process that raised it, which may be dead. */
export function labName(): string {
  return `${prefix}${process.pid}-${startOf(process.pid)}`
}

/**
 * Lays a ground that goes when this process does, whatever ends it. What an engine writes where all engines do is written to
 * places of its own: it neither finds this machine's engine nor leaves anything behind.
 */
export async function layGround(directory: string, hostName: string): Promise<Ground> {
  const own = join(directory, hostName)
  for (const name of ['etc', 'work']) mkdirSync(join(own, name), { recursive: true })
  const script = `hostname ${hostName}
mount -t overlay overlay -o lowerdir=/etc,upperdir=${own}/etc,workdir=${own}/work /etc
mount -t tmpfs tmpfs /run
ip link set lo up
exec docker-init -s -- sleep infinity`
  const holder = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private', '/bin/sh', '-ec', script], { stdio: 'ignore' })
  holder.unref()
  const { pid: outer = 0 } = holder
  const pid = await waitUntil('the ground is laid', () => childrenOf(outer).find((child) => read(`/proc/${child}/comm`).startsWith('docker-init\n')), { clock: labClock })
  return {
    pid,
    enter: ['nsenter', `--target=${pid}`, '--net', '--mount', '--uts', '--pid', '--'],
    async end() {
      kill(outer)
      await waitUntil('the ground is gone', () => !existsSync(`/proc/${pid}`), { clock: labClock })
    },
  }
}

/** Runs a program there and gives what it printed. */
export function runOn({ enter }: Pick<Ground, 'enter'>, ...words: readonly string[]): string {
  const [program = '', ...rest] = [...enter, ...words]
  return execFileSync(program, rest, { encoding: 'utf8' })
}

export function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter((word) => word !== '').map(Number)
}

/** Children and theirs, whoever they are. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])
}

/** Ends by force, and minds nothing that has ended. */
export function kill(pid: number): void {
  // 0 would be ourselves.
  if (pid === 0) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended with another one.
  }
}

/** Removes what is left of labs whose raiser is dead: their processes have died with it. Others are not touched. */
export async function clearDeadLabs(): Promise<void> {
  const names = new Set([...readdirSync(tmpdir()), ...hierarchies().flatMap((path) => readdirSync(path))].filter((name) => name.startsWith(prefix)))
  for (const name of names) {
    const [pid = '', start = ''] = name.slice(prefix.length).split('-')
    if (startOf(Number(pid)) !== start) await removeTraces(name)
  }
}

/**
 * Gives all that the engines of a lab run the processor time of so many programs. It is one group, which would get as much as one program beside it, where each container of a machine of its own
 * gets as much as its engine does: by systemd they are beside each other. On a machine with too much to do the engines, the load and whoever looks on would leave nothing to what is looked at.
 */
export function weigh(name: string, programs: number): void {
  const [group, file, each] = existsSync(join(groups, 'cpu')) ? [join(groups, 'cpu', name), 'cpu.shares', 1_024] as const : [join(groups, name), 'cpu.weight', 100] as const
  mkdirSync(group, { recursive: true })
  // A kernel that shares nothing out has no such file.
  if (existsSync(join(group, file))) writeFileSync(join(group, file), String(programs * each))
}

/** Removes the directory and the control groups of a lab of which nothing runs any more. */
export async function removeTraces(name: string): Promise<void> {
  // The kernel takes a moment to count a process out of its group.
  await waitUntil('its control groups are gone', () => tracesOf(name).groups.every(removeGroup), { clock: labClock })
  // One that is just dying may write once more.
  rmSync(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

/** What there is of a lab outside of its namespaces, asked of the machine itself. */
export function tracesOf(name: string): { readonly groups: readonly string[]; readonly processes: readonly number[]; readonly mounts: readonly string[]; readonly directory: boolean } {
  const pids = readdirSync('/proc').filter((each) => /^\d+$/.test(each)).map(Number)
  return {
    groups: hierarchies().map((path) => join(path, name)).filter((path) => existsSync(path)),
    processes: pids.filter((pid) => read(`/proc/${pid}/cmdline`).includes(name) || read(`/proc/${pid}/cgroup`).includes(name)),
    mounts: read('/proc/self/mounts').split('\n').filter((line) => line.includes(name)),
    directory: existsSync(join(tmpdir(), name)),
  }
}

/** Where a group of the first level may be: one tree for each controller, or one for all. */
function hierarchies(): string[] {
  if (!existsSync(groups)) return []
  return [groups, ...directoriesIn(groups)]
}

function removeGroup(path: string): boolean {
  try {
    for (const child of directoriesIn(path)) removeGroup(child)
    rmdirSync(path)
  } catch {
    // Somebody is in it yet, or it went with its parent: looked at again.
  }
  return !existsSync(path)
}

function directoriesIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name))
}

/** When a process was started, in ticks since the machine was: with its id it names one process and no later one. Undefined for one that has ended, also while nobody has asked about its end. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? undefined : fields[19]
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // It has ended.
  }
}
