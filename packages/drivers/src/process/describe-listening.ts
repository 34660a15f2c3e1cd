import type { Instance } from '@plimsoll/model'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { hasCode, isMissing } from './durable-file.ts'
import { inTurns, listProcesses, readEnvironment, type ProcessEntry } from './process-table.ts'

/** A TCP port that an instance has open, on exactly this address: `0.0.0.0` and `::` are all addresses. */
export interface Listening {
  readonly host: string
  readonly port: number
}

/**
 * Where an instance really listens, whatever it was told: for saying "only on ::1", "on 3000 instead of its
 * PORT" or "nowhere yet". Looked up anew at each call; an instance that has ended listens nowhere.
 */
export async function describeListening(instance: Pick<Instance, 'id' | 'pid'>): Promise<readonly Listening[]> {
  if (instance.pid === undefined) return []
  const members = await membersOf(instance.id, instance.pid)
  const inodes = new Set((await Promise.all(members.map(({ pid }) => socketInodes(pid)))).flat())
  const tables = await Promise.all([readTable(instance.pid, 'tcp'), readTable(instance.pid, 'tcp6')])
  const open = tables.flat().filter(({ inode }) => inodes.has(inode)).map(({ host, port }) => ({ host, port }))
  const unique = new Map(open.map((each) => [`${each.host} ${each.port}`, each]))
  return [...unique.values()].sort((a, b) => a.port - b.port || (a.host < b.host ? -1 : 1))
}

/** Everything in its session, and what has left the session but not given up the instance's id. */
async function membersOf(id: string, leader: number): Promise<readonly ProcessEntry[]> {
  const entries = await listProcesses()
  const mine = await inTurns(entries, ({ pid, session }) => session === leader || readEnvironment(pid, 'RENDER_INSTANCE_ID').get('RENDER_INSTANCE_ID') === id)
  return entries.filter((_, index) => mine[index] === true)
}

async function socketInodes(pid: number): Promise<readonly string[]> {
  const directory = `/proc/${pid}/fd`
  const descriptors = await readdir(directory).catch(ifGone<string[]>([]))
  const targets = await Promise.all(descriptors.map((descriptor) => readlink(`${directory}/${descriptor}`).catch(ifGone(''))))
  return targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [])
}

/** Read through the process, whose network may be another one than ours. */
async function readTable(pid: number, table: 'tcp' | 'tcp6'): Promise<readonly (Listening & { readonly inode: string })[]> {
  const text = await readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(ifGone(''))
  return parseTcpTable(text)
}

const listenState = '0A'

/** The listening rows of /proc/net/tcp or tcp6. */
export function parseTcpTable(text: string): readonly (Listening & { readonly inode: string })[] {
  return text.split('\n').slice(1).flatMap((row) => {
    const fields = row.trim().split(/\s+/)
    const [address, port] = (fields[1] ?? '').split(':')
    const inode = fields[9]
    if (fields[3] !== listenState || address === undefined || port === undefined || inode === undefined) return []
    return [{ host: parseAddress(address), port: Number.parseInt(port, 16), inode }]
  })
}

/** Linux prints addresses as hexadecimal words of four bytes, each in the byte order of the machine (little-endian wherever Node runs). */
function parseAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  for (let word = 0; word < bytes.length; word += 4) bytes.subarray(word, word + 4).reverse()
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

function ifGone<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isMissing(error) || hasCode(error, 'EACCES') || hasCode(error, 'ESRCH') || hasCode(error, 'EINVAL')) return value
    throw error
  }
}
