import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What is done to one kind of request: handed on, never answered, cut off in the middle, stopped in the middle, or answered with a status. */
export type Manners = 'pass' | 'hang' | 'cut' | 'stall' | number

type Kind = 'manifest' | 'blob' | 'upload'

/** A registry behind something that behaves badly. */
export interface RudeRegistry {
  readonly host: string
  /** From now on. */
  be(manners: Partial<Record<Kind, Manners>>): void
  /** How often each kind was asked. */
  readonly asked: Readonly<Record<Kind, number>>
  close(): Promise<void>
}

/** How much of a body comes through before it is cut or stopped. */
const someBytes = 64 * 1024

export async function startRudeRegistry(behind: string): Promise<RudeRegistry> {
  const [host = '', port = ''] = behind.split(':')
  const manners: Record<Kind, Manners> = { manifest: 'pass', blob: 'pass', upload: 'pass' }
  const asked: Record<Kind, number> = { manifest: 0, blob: 0, upload: 0 }
  const server = createServer((from, to) => {
    const kind = kindOf(from)
    if (kind !== undefined) asked[kind] += 1
    const how = kind === undefined ? 'pass' : manners[kind]
    if (how === 'hang') return void from.resume()
    if (typeof how === 'number') return void to.writeHead(how, { 'content-type': 'application/json' }).end('{"errors":[{"code":"DENIED","message":"not for you"}]}')
    const on = request({ host, port, method: from.method, path: from.url, headers: from.headers })
    on.once('error', () => to.destroy()).once('response', (answer) => {
      to.writeHead(answer.statusCode ?? 0, answer.headers)
      carry(answer, to, how)
    })
    // An upload is broken on its way in, everything else on its way out.
    if (kind === 'upload' && how !== 'pass') from.once('data', () => (how === 'cut' ? from.destroy() : from.pause())).once('close', () => on.destroy())
    else from.pipe(on)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    be: (changed) => void Object.assign(manners, changed),
    asked,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function kindOf({ method, url = '' }: IncomingMessage): Kind | undefined {
  if (url.includes('/manifests/')) return 'manifest'
  if (method === 'PATCH' || method === 'PUT') return 'upload'
  return url.includes('/blobs/sha256:') && method === 'GET' ? 'blob' : undefined
}

function carry(answer: IncomingMessage, to: ServerResponse, how: 'pass' | 'cut' | 'stall'): void {
  if (how === 'pass') return void answer.pipe(to)
  let sent = 0
  answer.on('data', (piece: Buffer) => {
    const some = piece.subarray(0, someBytes - sent)
    sent += some.length
    to.write(some)
    if (sent < someBytes) return
    answer.destroy()
    if (how === 'cut') to.destroy()
  }).once('end', () => to.end()).once('error', () => to.destroy())
}
