import type { Address } from '@plimsoll/model'
import { isBuildAsset } from '../../assets/serve-asset.ts'
import { AnswerRelay, continueUpload, relayHints } from '../answer-relay.ts'
import type { Passage } from '../forward-request.ts'
import type { Failure } from '../may-repeat.ts'
import { tooLarge } from '../refusal.ts'
import type { SocketPool } from './socket-pool.ts'
import type { AnswerHead } from './answer-head.ts'
import { AnswerReader, type AnswerSink, type Range } from './answer-reader.ts'
import { Connection, type ConnectionUser } from './connection.ts'
import { discardRest, Upload } from './upload.ts'

export interface AttemptOptions {
  readonly passage: Passage
  readonly address: Address
  /** On a connection of its own, which is closed afterwards. */
  readonly fresh: boolean
  /** It may be done twice, can be sent again whole, and was not asked too often. */
  readonly repeatable: boolean
  /** Called once when it is lost before an answer came; never after `abandon`. */
  readonly onLost: (passage: Passage, failure: Failure) => void
}

/** A request sent over a connection, until its answer has been passed on or the connection is lost. */
export class Attempt implements ConnectionUser, AnswerSink {
  readonly #options: AttemptOptions
  readonly #connection: Connection
  /** Where the connection goes when the answer came whole. */
  readonly #pool: SocketPool | undefined
  readonly #reader: AnswerReader
  readonly #attempts: Set<Attempt>
  readonly #since = performance.now()
  #connected = false
  #bytesRead = 0
  #over = false
  #upload: Upload | undefined
  #answer: AnswerHead | undefined
  /** Undefined while there is no answer, and for one that is read but not passed on. */
  #relay: AnswerRelay | undefined

  constructor(options: AttemptOptions) {
    const { passage, address, fresh } = options
    const forUpgrade = passage.onUpgrade !== undefined
    this.#options = options
    this.#pool = fresh || forUpgrade ? undefined : passage.claim.gate.kept
    this.#reader = new AnswerReader(passage.ask.method, this)
    const { connectMs, attempts, names } = passage.claim.gate
    this.#connection = this.#pool?.take(address, connectMs) ?? new Connection({ address, names, forUpgrade, connectMs })
    this.#attempts = attempts
    attempts.add(this)
    this.#connection.serve(this)
    if (this.#connection.reused) this.connected()
  }

  /** Where it was sent. */
  get at(): Address {
    return this.#options.address
  }

  /** The same as `host:port`. */
  get address(): string {
    return `${this.at.host}:${this.at.port}`
  }

  /** The machine of its instance is gone, which nothing tells the connection. Does nothing when it is over. */
  giveUp(): void {
    this.#lose()
  }

  /** Has it repeated where that is possible, when nothing has come for so long. Does nothing when it is over. */
  askAgain(waitedMs: number): void {
    const isStalled = this.#connected && this.#bytesRead === 0 && performance.now() - this.#since >= waitedMs
    if (isStalled && this.#options.repeatable) this.#lose({ stalled: true })
  }

  /** Ends it because nobody waits for the answer any more. Does nothing when it is over. */
  abandon(): void {
    if (!this.#over) this.#close()
  }

  /** Head and body flow only into a connection that stands, so a refused one has cost nothing. */
  connected(): void {
    const { request, head, body, bodyBytes, refuse, claim } = this.#options.passage
    this.#connected = true
    this.#connection.socket.write(head, 'latin1')
    claim.gate.absence.over()
    if (body !== 'kept' && body !== 'chunked') return
    this.#connection.socket.hearsOut = true
    const onTooLarge = (): void => refuse(tooLarge({ bodyBytes }))
    this.#upload = new Upload({ request, socket: this.#connection.socket, chunked: body === 'chunked', bodyBytes, onTooLarge })
  }

  received(bytes: Buffer, from: number, to: number): void {
    if (this.#over) return
    this.#bytesRead += to - from
    const reading = this.#reader.read(bytes, from, to)
    if (reading === 'malformed') this.#lose()
    else if (reading !== 'more') this.#finish(reading === 'complete')
  }

  drained(): void {
    this.#upload?.resume()
  }

  ended(): void {
    if (this.#over || !this.#reader.endsWithConnection) return this.#lose()
    this.#relay?.end()
    this.#finish(false)
  }

  closed(error: Error | undefined): void {
    this.#lose({ error })
  }

  informed({ status, fields }: AnswerHead): void {
    const { request, response } = this.#options.passage
    if (status === 100 && request.headers.expect !== undefined) continueUpload(request, response)
    if (status === 103) relayHints(response, fields)
  }

  switched(answer: AnswerHead, rest: Buffer): void {
    const { passage } = this.#options
    if (passage.onUpgrade === undefined || !isWebSocketSwitch(answer)) return this.#lose()
    this.#over = true
    this.#attempts.delete(this)
    passage.onUpgrade({ answer, socket: this.#connection.handOver(), head: rest })
  }

  answered(head: AnswerHead): void {
    const { request, response, claim, ask } = this.#options.passage
    this.#answer = head
    const relay = new AnswerRelay({ head, request, response, exchange: claim.exchange, source: this.#connection.socket, isAsset: isBuildAsset(ask.url), named: claim.named, cookie: claim.cookie })
    const begun = relay.begin()
    if (begun === 'relayed') this.#relay = relay
    if (begun === 'refused') this.abandon()
  }

  body(bytes: Buffer, range: Range): void {
    if (range.last) this.#relay?.endWith(bytes, range, this.#reader.trailers)
    else this.#relay?.write(bytes, range)
  }

  /** The answer is complete. */
  #finish(exact: boolean): void {
    if (this.#over) return
    const { passage, address } = this.#options
    const unused = exact && this.#upload === undefined && this.#connection.socket.writableLength === 0
    if (unused && this.#pool !== undefined && this.#answer !== undefined) {
      this.#over = true
      this.#attempts.delete(this)
      this.#pool.give(address, this.#connection, this.#answer)
    } else this.#close()
    discardRest(passage.request)
  }

  #lose({ error, stalled = false }: { readonly error?: Error | undefined; readonly stalled?: boolean } = {}): void {
    if (this.#over) return
    this.#close()
    const { passage, onLost } = this.#options
    if (this.#answer !== undefined) this.#relay?.cut()
    else if (!passage.response.destroyed) onLost(passage, { connected: this.#connected, reused: this.#connection.reused, bytesRead: this.#bytesRead, stalled, error })
  }

  #close(): void {
    this.#over = true
    this.#attempts.delete(this)
    this.#upload?.stop()
    this.#connection.destroy()
  }
}

/** `websocket` is all that the edge asks for, so nothing else is switched to. */
function isWebSocketSwitch({ fields, connection }: AnswerHead): boolean {
  const upgrades = fields.filter((_, index) => index % 2 === 1 && fields[index - 1]?.toLowerCase() === 'upgrade')
  return upgrades.length === 1 && upgrades[0]?.toLowerCase() === 'websocket' && connection.split(',').some((option) => option.trim() === 'upgrade')
}
