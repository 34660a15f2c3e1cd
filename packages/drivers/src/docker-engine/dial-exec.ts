import type { IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { connectEngine } from './connect-engine.ts'
import type { EngineAddress } from './engine-address.ts'
import { engineDown, messageIn, refused } from './engine-failure.ts'

const headLength = 8
/** Which of its outputs a program wrote to. */
const standardOutput = 1

/**
 * Starts what `POST /containers/…/exec` has made, and connects to it: what is written is its input, what is read its output, and its end ends both. It was made with
 * input and output attached, and without a terminal, which would change bytes.
 */
export function dialExec(address: EngineAddress, { id, to }: { readonly id: string; readonly to: string }, signal: AbortSignal): Promise<Duplex> {
  const headers = { host: 'docker', 'content-type': 'application/json', connection: 'Upgrade', upgrade: 'tcp' }
  const request = connectEngine(address)({ method: 'POST', path: `/exec/${id}/start`, headers, signal })
  return new Promise((resolve, reject) => {
    request.once('upgrade', (_response: IncomingMessage, socket: Duplex, head: Buffer) => resolve(unframed(socket, head)))
    request.once('response', (response) => {
      buffer(response).then((body) => reject(refused({ asked: to, status: response.statusCode ?? 0, said: messageIn(body.toString()) })), reject)
    })
    request.once('error', (error) => reject(signal.aborted ? signal.reason : engineDown(address, error)))
    request.end(JSON.stringify({ Detach: false, Tty: false }))
  })
}

/** What comes is in frames of eight bytes and a write; what goes is in none. */
function unframed(socket: Duplex, head: Buffer): Duplex {
  let rest: Buffer = Buffer.alloc(0)
  const connection = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy()
      done(error)
    },
  })
  const take = (chunk: Buffer): void => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= headLength && rest.length >= headLength + rest.readUInt32BE(4)) {
      const end = headLength + rest.readUInt32BE(4)
      if (rest.readUInt8(0) === standardOutput && !connection.push(rest.subarray(headLength, end))) socket.pause()
      rest = rest.subarray(end)
    }
  }
  socket.on('data', take).once('end', () => connection.push(null)).once('error', (error) => connection.destroy(error)).once('close', () => connection.destroy())
  if (head.length > 0) take(head)
  return connection
}
