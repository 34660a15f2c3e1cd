// `node:http` towards the client and the edge's own client towards the upstream, and nothing between them: no claim, no limits, no
// repetition, no back-pressure, no log. Not to be used: bare-hybrid.ts PORT UPSTREAM_PORT
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { requestHead, responseHeaders } from '../../../packages/edge/src/proxy/header-rules.ts'
import type { AnswerHead } from '../../../packages/edge/src/proxy/upstream/answer-head.ts'
import { AnswerReader, type AnswerSink, type Range } from '../../../packages/edge/src/proxy/upstream/answer-reader.ts'
import { createNames } from '../../../packages/edge/src/proxy/names.ts'
import { Connection, type ConnectionUser } from '../../../packages/edge/src/proxy/upstream/connection.ts'
import { SocketPool } from '../../../packages/edge/src/proxy/upstream/socket-pool.ts'

const [port = 0, upstream = 0] = process.argv.slice(2).map(Number)
const address = { host: '127.0.0.1', port: upstream }
/** As long as the edge itself gives it. */
const connectMs = 5_000
const names = createNames()
const pool = new SocketPool(names)
pool.reuse = true

class Passing implements ConnectionUser, AnswerSink {
  readonly #response: ServerResponse
  readonly #head: string
  readonly #reader: AnswerReader
  readonly #connection = pool.take(address, connectMs) ?? new Connection({ address, names, forUpgrade: false, connectMs })
  #answer: AnswerHead | undefined

  constructor({ method = 'GET', url = '/', rawHeaders, headers }: IncomingMessage, response: ServerResponse) {
    this.#response = response
    this.#reader = new AnswerReader(method, this)
    this.#head = requestHead(rawHeaders, { method, url, host: headers.host, connection: headers.connection, te: undefined, body: 'none', client: { address: '127.0.0.1', proto: 'http' }, requestId: '-', upgrade: false })
    this.#connection.serve(this)
    if (this.#connection.reused) this.connected()
  }

  connected(): void {
    this.#connection.socket.write(this.#head, 'latin1')
  }

  received(bytes: Buffer, from: number, to: number): void {
    if (this.#reader.read(bytes, from, to) === 'complete' && this.#answer !== undefined) pool.give(address, this.#connection, this.#answer)
  }

  answered(head: AnswerHead): void {
    this.#answer = head
    this.#response.sendDate = false
    this.#response.writeHead(head.status, head.reason, responseHeaders(head))
  }

  body(bytes: Buffer, { from, to, last }: Range): void {
    if (last && to - from <= 8_192) this.#response.end(bytes.toString('latin1', from, to), 'latin1')
    else if (last) this.#response.end(Buffer.from(bytes.subarray(from, to)))
    else if (to > from) this.#response.write(Buffer.from(bytes.subarray(from, to)))
  }

  closed(): void {
    this.#response.destroy()
  }

  ended(): void {
    this.#connection.destroy()
  }

  switched(): void {
    this.#connection.destroy()
  }

  informed(): void {}
  drained(): void {}
}

createServer({ noDelay: true }, (request, response) => void new Passing(request, response)).listen(port, '127.0.0.1')
