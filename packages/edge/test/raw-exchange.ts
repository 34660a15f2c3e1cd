import { once } from 'node:events'
import { connect } from 'node:net'

/** What came back on a connection: all bytes until the other side closed it, or until `until` appeared. */
export interface RawAnswer {
  readonly text: string
  /** `open` when `until` ended the waiting. */
  readonly end: 'closed' | 'reset' | 'open'
}

export interface RawExchange {
  readonly port: number
  readonly parts: readonly (string | Buffer)[]
  /** Stop reading when this has been seen; without it, when the other side closes. */
  readonly until?: RegExp
  /** Close our side after the last part. */
  readonly halfClose?: boolean
}

/** Sends bytes as they are, which no HTTP client would. */
export async function rawExchange({ port, parts, until, halfClose = false }: RawExchange): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let text = ''
  const done = Promise.withResolvers<RawAnswer['end']>()
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    if (until?.test(text) === true) done.resolve('open')
  })
  socket.once('end', () => done.resolve('closed'))
  socket.once('close', () => done.resolve('closed'))
  socket.once('error', () => done.resolve('reset'))
  await once(socket, 'connect')
  for (const part of parts) await new Promise<void>((resolve) => void socket.write(part, () => resolve()))
  if (halfClose) socket.end()
  const end = await done.promise
  socket.destroy()
  return { text, end }
}
