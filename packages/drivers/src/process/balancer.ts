import { connect, createServer, type Server, type Socket } from 'node:net'

const loopback = '127.0.0.1'

/**
 * Hands each connection to the next of `ports`, which are asked for anew each time; one that refuses is passed over.
 * Bytes only: it knows no protocol, sets no time limit, and repeats nothing that an instance may have begun to read.
 */
export function createBalancer(ports: () => readonly number[]): Server {
  let turn = 0
  return createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const all = ports()
    const first = turn++ % Math.max(1, all.length)
    // A client may leave while its instance is looked for; whoever joins it to one sees that it is gone.
    client.on('error', () => undefined)
    reach(client, [...all.slice(first), ...all.slice(0, first)])
  })
}

function reach(client: Socket, [port, ...others]: readonly number[]): void {
  // The nearest thing to a refused connection that is left: this one was accepted.
  if (port === undefined) return void client.resetAndDestroy()
  const instance = connect({ host: loopback, port, allowHalfOpen: true, noDelay: true })
  const passOver = () => reach(client, others)
  instance.once('error', passOver)
  instance.once('connect', () => {
    instance.off('error', passOver)
    join(client, instance)
  })
}

/** Each direction ends by itself; a break is passed on as one, because half an answer must not look like a whole one. */
function join(client: Socket, instance: Socket): void {
  for (const [from, to] of [[client, instance], [instance, client]] as const) {
    from.on('error', () => void to.resetAndDestroy())
    from.pipe(to)
  }
  if (client.destroyed) instance.resetAndDestroy()
}
