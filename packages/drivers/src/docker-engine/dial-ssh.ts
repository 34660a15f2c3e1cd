import { spawn, type ChildProcess } from 'node:child_process'
import { Duplex } from 'node:stream'
import type { EngineAddress } from './engine-address.ts'

/** Enough to say what OpenSSH complained of. */
const keptBytes = 2_000

/**
 * A connection to the engine of another machine: the Docker client there hands our bytes to its engine, as it does for Docker's own
 * `ssh://`. OpenSSH asks nobody anything, since nobody may be there; what it needs, its configuration or an agent has to give.
 */
export function dialSsh({ host, user, port }: Extract<EngineAddress, { via: 'ssh' }>): Duplex {
  const options = [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', String(port)])]
  const child = spawn('ssh', ['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', ...options, '--', host, 'docker', 'system', 'dial-stdio'], { stdio: 'pipe' })
  const connection = new Duplex({
    read: () => void child.stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => void child.stdin.write(chunk, done),
    final: (done) => void child.stdin.end(done),
    destroy: (error, done) => {
      child.kill()
      done(error)
    },
  })
  child.stdout.on('data', (chunk: Buffer) => connection.push(chunk) || child.stdout.pause())
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-keptBytes)
  })
  // Its pipes end before it does, and say less about why.
  child.stdin.on('error', () => undefined)
  child.once('error', (error) => connection.destroy(error))
  child.once('close', (code) => (code === 0 ? connection.push(null) : connection.destroy(new Error(complaint.trim() || `ssh ended with status ${code}`))))
  return withSocketManners(connection, child)
}

/** What `node:http` asks of a connection that may be kept for the next request. */
function withSocketManners(connection: Duplex, child: ChildProcess): Duplex {
  const hold = (how: 'ref' | 'unref') => () => {
    child[how]()
    for (const pipe of [child.stdin, child.stdout, child.stderr]) if (pipe !== null && how in pipe) (pipe as unknown as Record<typeof how, () => void>)[how]()
    return connection
  }
  const nothing = () => connection
  return Object.assign(connection, { setKeepAlive: nothing, setNoDelay: nothing, setTimeout: nothing, ref: hold('ref'), unref: hold('unref') })
}
