import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** How /proc/net/unix marks a socket that listens. */
const listening = '00010000'

/** The process that listens on a name of Linux's abstract socket namespace, as the kernel tells it: no file can be wrong about that. Undefined when there is none, or none that we may look at. */
export function listenerOf(name: string): number | undefined {
  const rows = readFileSync('/proc/net/unix', 'utf8').split('\n').map((row) => row.trim().split(/\s+/))
  // Num RefCount Protocol Flags Type St Inode Path; an at sign stands for each zero byte, of which some come at the end.
  const inode = rows.find((row) => row[3] === listening && row[7]?.replace(/@*$/, '') === `@${name}`)?.[6]
  return inode === undefined ? undefined : readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number).find((pid) => holds(pid, inode))
}

function holds(pid: number, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`)
  } catch {
    return false // Ended meanwhile, or somebody else's.
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return '' // Closed meanwhile.
  }
}
