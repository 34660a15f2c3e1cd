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
  /** From now on lets nobody in but this user: asked for the password each time, or only for a token, as most registries do. */
  admit(user: { readonly name: string; readonly password: string; readonly by: 'basic' | 'token' }): void
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
  let guard: Guard | undefined
  const server = createServer((from, to) => {
    if (guard !== undefined && !letsIn(guard, from, to)) return
    // What is behind knows of no users.
    delete from.headers.authorization
    const kind = kindOf(from)
    if (kind !== undefined) asked[kind] += 1
    const how = kind === undefined ? 'pass' : manners[kind]
    if (how === 'hang') return void from.resume()
    // Read to its end: a client that cannot send all of it would not listen to the answer.
    if (typeof how === 'number') {
      from.resume().once('end', () => to.writeHead(how, { 'content-type': 'application/json' }).end('{"errors":[{"code":"DENIED","message":"not for you"}]}'))
      return
    }
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
    admit: (user) => void (guard = user),
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

type Guard = Parameters<RudeRegistry['admit']>[0]

const token = 'a-token-of-the-tests'

/** Answers whoever may not come in, and whoever asks for a token. */
function letsIn({ name, password, by }: Guard, { headers, url = '' }: IncomingMessage, to: ServerResponse): boolean {
  const knows = headers.authorization === `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
  if (by === 'token' && url.startsWith('/token')) {
    to.writeHead(knows ? 200 : 401, { 'content-type': 'application/json' }).end(knows ? JSON.stringify({ token, expires_in: 300 }) : '{}')
    return false
  }
  if (by === 'basic' ? knows : headers.authorization === `Bearer ${token}`) return true
  const challenge = by === 'basic' ? 'Basic realm="tests"' : `Bearer realm="http://${headers.host}/token",service="tests"`
  to.writeHead(401, { 'www-authenticate': challenge, 'docker-distribution-api-version': 'registry/2.0', 'content-type': 'application/json' }).end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}')
  return false
}
