import { readdir, readFile, readlink } from 'node:fs/promises'

export interface PortOwner {
  readonly pid: number
  readonly command: string
}

/** Who listens on a TCP port, as far as /proc tells us; undefined where it does not (another user's process, no Linux). */
export async function portOwner(port: number): Promise<PortOwner | undefined> {
  const inodes = new Set([...(await listeningInodes('/proc/net/tcp', port)), ...(await listeningInodes('/proc/net/tcp6', port))])
  if (inodes.size === 0) return undefined
  for (const entry of await namesIn('/proc')) {
    if (/^\d+$/.test(entry) && (await holdsSocket(entry, inodes))) return { pid: Number(entry), command: await commandOf(entry) }
  }
  return undefined
}

/** Fields of a line: `sl local_address rem_address st … inode`; state 0A is LISTEN. */
async function listeningInodes(table: string, port: number): Promise<string[]> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = (await textOf(table)).split('\n').slice(1)
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) === true && fields[3] === '0A')
    .map((fields) => fields[9] ?? '')
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  for (const fd of await namesIn(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(await linkOf(`/proc/${pid}/fd/${fd}`))?.[1]
    if (inode !== undefined && inodes.has(inode)) return true
  }
  return false
}

async function commandOf(pid: string): Promise<string> {
  const words = (await textOf(`/proc/${pid}/cmdline`)).split('\0').filter((word) => word !== '')
  return words.length > 0 ? words.join(' ').slice(0, 120) : 'an unnamed process'
}

// Processes come and go, and those of other users may not be looked into: what cannot be read tells nothing.
const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
const linkOf = (path: string): Promise<string> => readlink(path).catch(() => '')
const namesIn = (path: string): Promise<string[]> => readdir(path).catch(() => [])
