import { readFile, readlink, readdir } from 'node:fs/promises'
import { leftBehind, type LeftProcess } from '../leaks/left-behind.ts'
import { untilGone } from './process-state.ts'
import type { Running } from './world-place.ts'

/** One process of a home. It listens on sockets, by the kernel's number for them. */
interface HomeProcess extends LeftProcess, Running {}

/** Every process of `home`, as the kernel tells of it. */
export async function processesOf(home: string): Promise<HomeProcess[]> {
  const sockets = await tcpSockets(listening)
  return Promise.all((await leftBehind(home)).map(async (each) => ({ ...each, role: await roleOf(each), listens: await socketsOf(each.pid, sockets), kill: () => kill(each) })))
}

/** The API of `home`, if one runs. */
export async function apiOf(home: string): Promise<number | undefined> {
  return (await processesOf(home)).find(({ role }) => role === 'api')?.pid
}

async function kill({ pid }: LeftProcess): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await untilGone(pid)
}

async function roleOf({ pid, command }: LeftProcess): Promise<string> {
  const instance = /(?:^|\0)RENDER_INSTANCE_ID=shop-(\w+)-r(\d+)-/.exec(await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''))
  if (instance !== null) return `${instance[1] ?? ''} r${instance[2] ?? ''}`
  if (command.includes('postgres')) return 'database'
  if (command.includes('/edge/src/main.ts')) return 'edge'
  if (command.includes('/api/src/main.ts')) return 'api'
  return command.includes('plimsoll.mjs') || command.includes('/cli/src/') ? 'cli' : command
}

/** How many TCP connections process `pid` has open, with whomever. */
export async function connectionsOf(pid: number): Promise<number> {
  return (await socketsOf(pid, await tcpSockets((state) => !listening(state)))).length
}

const listening = (state: string): boolean => state === '0A'

/** Inodes of the TCP sockets of this machine in some state, as the kernel writes it. */
async function tcpSockets(is: (state: string) => boolean): Promise<ReadonlySet<string>> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8').catch(() => '')))
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/))
  return new Set(rows.filter((row) => is(row[3] ?? '')).map((row) => row[9] ?? ''))
}

async function socketsOf(pid: number, sockets: ReadonlySet<string>): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  return targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '').filter((inode) => sockets.has(inode))
}
