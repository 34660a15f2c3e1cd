import { readdir, readFile, readlink } from 'node:fs/promises'

export interface LeftProcess {
  readonly pid: number
  readonly command: string
}

/**
 * Processes of this machine that belong to every one of `marks`, a home's path and perhaps an instance's name: it is in their environment, their
 * command line or their working directory. A name alone is no mark: other tests beside this one have apps of the same name.
 * Never names the caller itself. A process that ends while it is looked at counts as gone.
 */
export async function leftBehind(...marks: readonly [home: string, ...names: string[]]): Promise<LeftProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map((pid) => belongsTo(pid, marks)))
  return found.filter((one) => one !== undefined)
}

async function belongsTo(pid: number, marks: readonly string[]): Promise<LeftProcess | undefined> {
  if (pid === process.pid) return undefined
  const [environment, commandLine, directory] = await Promise.all([
    read(() => readFile(`/proc/${pid}/environ`, 'utf8')),
    read(() => readFile(`/proc/${pid}/cmdline`, 'utf8')),
    read(() => readlink(`/proc/${pid}/cwd`)),
  ])
  // An ended process that its parent has not asked about yet has no command line: it holds nothing any more.
  const isOurs = marks.every((mark) => [environment, commandLine, directory].some((text) => text.includes(mark)))
  if (commandLine === '' || !isOurs) return undefined
  return { pid, command: commandLine.replaceAll('\0', ' ').trim() }
}

async function read(from: () => Promise<string>): Promise<string> {
  try {
    return await from()
  } catch {
    return '' // ended meanwhile, or somebody else's
  }
}
