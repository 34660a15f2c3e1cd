import { Agent, request, type ClientRequest, type RequestOptions } from 'node:http'
import { Agent as TlsAgent, request as requestByTls } from 'node:https'
import type { Duplex } from 'node:stream'
import { dialSsh } from './dial-ssh.ts'
import type { EngineAddress } from './engine-address.ts'

/** Opens a request on a connection to the engine. */
export type Connect = (options: RequestOptions) => ClientRequest

/** Connections to other machines are kept for the next request, because to make one takes long; that of a socket takes nothing. */
export function connectEngine(address: EngineAddress): Connect {
  if (address.via === 'socket') return (options) => request({ ...options, socketPath: address.path, agent: false })
  if (address.via === 'ssh') {
    const agent = new DialledAgent(() => dialSsh(address))
    return (options) => request({ ...options, agent })
  }
  const { host, port, tls } = address
  if (tls === undefined) {
    const agent = new Agent({ keepAlive: true })
    return (options) => request({ ...options, host, port, agent })
  }
  const { verify, ca, cert, key } = tls
  const agent = new TlsAgent({ keepAlive: true, rejectUnauthorized: verify, ca, cert, key })
  return (options) => requestByTls({ ...options, host, port, agent })
}

class DialledAgent extends Agent {
  readonly #dial: () => Duplex

  constructor(dial: () => Duplex) {
    super({ keepAlive: true })
    this.#dial = dial
  }

  override createConnection(): Duplex {
    return this.#dial()
  }
}
