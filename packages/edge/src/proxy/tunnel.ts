import { once } from 'node:events'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { FrameBoundary } from './frame-boundary.ts'
import type { Exchange } from './exchange.ts'
import type { Switched } from './forward-request.ts'
import { responseHeaders } from './header-rules.ts'
import type { AnswerHead } from './upstream/answer-head.ts'

/** Close, 1012 "service restart" (RFC 6455, 7.4): clients that know it come back by themselves. */
const closeFrame = Buffer.from([0x88, 0x02, 0x03, 0xf4])

/** How long a cut socket has to finish the frame it is in, and to answer our close. */
const closingMs = 1_000

export interface Tunnel {
  readonly client: Duplex
  /** What the client sent behind its handshake. */
  readonly clientHead: Buffer
  readonly switched: Switched
  readonly exchange: Exchange
}

/** Carries bytes both ways until either side ends; a cut ends it with a close frame between two frames. */
export function openTunnel({ client, clientHead, switched, exchange }: Tunnel): void {
  const { socket: upstream, head, answer } = switched
  const frames = new FrameBoundary()
  let closing = false
  const destroyBoth = (): void => {
    client.destroy()
    upstream.destroy()
  }
  const close = (): void => {
    client.end(closeFrame)
    upstream.destroy()
  }
  exchange.becomeStream(() => {
    closing = true
    destroyLater(client, destroyBoth)
    if (frames.between) close()
  })
  const toClient = (chunk: Buffer): void => {
    if (client.writableEnded) return
    const boundary = frames.push(chunk)
    if (closing && boundary !== -1) {
      client.write(chunk.subarray(0, boundary))
      return close()
    }
    if (!client.write(chunk)) upstream.pause()
  }
  exchange.answered(101)
  if (client instanceof Socket) client.setTimeout(0)
  upstream.setTimeout(0)
  client.write(switchingHead(answer), 'latin1')
  if (head.length > 0) toClient(head)
  if (clientHead.length > 0) upstream.write(clientHead)
  client.pipe(upstream)
  upstream.on('data', toClient)
  client.on('drain', () => upstream.resume())
  upstream.once('end', () => client.end())
  for (const side of [client, upstream]) side.once('error', destroyBoth)
  client.once('close', () => upstream.destroy())
  upstream.once('close', () => {
    // What the client still sends has no receiver, but unread it would turn our last bytes to it into a reset.
    client.unpipe(upstream).resume()
    client.end()
    destroyLater(client, destroyBoth)
  })
  void Promise.allSettled([closed(client), closed(upstream)]).then(() => exchange.leave())
}

function destroyLater(client: Duplex, destroy: () => void): void {
  const timer = setTimeout(destroy, closingMs)
  client.once('close', () => clearTimeout(timer))
}

async function closed(side: Duplex): Promise<void> {
  if (!side.closed) await once(side, 'close')
}

function switchingHead(answer: AnswerHead): string {
  const lines = [`HTTP/1.1 101 ${answer.reason === '' ? 'Switching Protocols' : answer.reason}`, 'Connection: Upgrade', 'Upgrade: websocket']
  const headers = responseHeaders(answer)
  for (let index = 0; index < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
