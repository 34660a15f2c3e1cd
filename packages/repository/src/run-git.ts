import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { PlimsollError } from '@plimsoll/model'

const plenty = 256 * 1024 * 1024

/**
 * Runs git in `directory` and gives what it printed. Never takes the optional locks, so
 * it cannot get in the way of a git that its user runs at the same moment.
 */
export function runGit(directory: string, args: readonly string[], signal?: AbortSignal): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const options = { cwd: directory, env: gitEnvironment(), maxBuffer: plenty, encoding: 'buffer' as const, signal }
  execFile('git', ['--no-optional-locks', ...args], options, (error, stdout, stderr) => {
    if (error === null) return resolve(stdout)
    reject(gitFailure(directory, { args, error, stderr: stderr.toString() }))
  })
  return promise
}

/** The contents of many git objects, in the order of `ids`, through one process. */
export async function* readObjects(directory: string, ids: readonly string[]): AsyncGenerator<Buffer> {
  if (ids.length === 0) return
  const child = spawn('git', ['--no-optional-locks', 'cat-file', '--batch'], { cwd: directory, env: gitEnvironment(), stdio: ['pipe', 'pipe', 'ignore'] })
  // A git that ends early closes the pipe; the missing objects are reported below.
  child.stdin.on('error', () => undefined)
  child.stdin.end(ids.join('\n') + '\n')
  try {
    const pending: Buffer[] = []
    let size = 0
    let need = 1
    let given = 0
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      pending.push(chunk)
      size += chunk.length
      // Joined only when a whole object is there, or a large file would be copied once per chunk.
      if (size < need) continue
      let rest: Buffer = Buffer.concat(pending.splice(0))
      let taken = takeObject(rest)
      for (; 'content' in taken; taken = takeObject(rest)) {
        rest = rest.subarray(taken.length)
        given += 1
        yield taken.content
      }
      pending.push(rest)
      size = rest.length
      need = taken.need
    }
    if (given < ids.length) throw missingObject(directory, ids[given] ?? '')
  } finally {
    child.kill()
  }
}

/** True when `directory` lies in something that git would call a repository. */
export function isInRepository(directory: string): boolean {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return true
    if (at === path.dirname(at)) return false
  }
}

function takeObject(buffer: Buffer): { content: Buffer; length: number } | { need: number } {
  const lineEnd = buffer.indexOf(10)
  if (lineEnd === -1) return { need: buffer.length + 1 }
  const size = Number(buffer.subarray(0, lineEnd).toString().split(' ')[2])
  // "<id> missing" has no size: nothing after it can be trusted, so reading stops and the count tells.
  if (!Number.isInteger(size)) return { need: Infinity }
  const length = lineEnd + 1 + size + 1
  if (buffer.length < length) return { need: length }
  return { content: buffer.subarray(lineEnd + 1, length - 1), length }
}

/** Variables such as GIT_DIR, set while a git hook runs, would point git at another repository. */
/** What git is given of the machine: nothing that points it to another repository. */
export function gitEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' }
}

function gitFailure(directory: string, what: { args: readonly string[]; error: Error; stderr: string }): Error {
  const code = (what.error as NodeJS.ErrnoException).code
  if (what.error.name === 'AbortError') return what.error
  if (code === 'ENOENT' && !existsSync(directory)) {
    return new PlimsollError('SOURCE_UNREADABLE', `${directory}: there is no such directory`, { cause: what.error })
  }
  if (code === 'ENOENT') {
    return new PlimsollError('TOOL_MISSING', `git is not on PATH, and ${directory} is a git repository`, { hint: 'install git, e.g. apt-get install git' })
  }
  return new PlimsollError('SOURCE_UNREADABLE', `${directory}: git ${what.args[0] ?? ''} failed`, {
    hint: `cd ${directory} && git status`,
    details: { log: what.stderr.trimEnd().split('\n').slice(-50) },
    cause: what.error,
  })
}

function missingObject(directory: string, id: string): PlimsollError {
  return new PlimsollError('SOURCE_UNREADABLE', `${directory}: git object ${id} is missing from this clone`, { hint: 'git fetch --refetch' })
}
