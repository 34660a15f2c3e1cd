import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { fromProblem, PlimsollError, problemSchema } from '@plimsoll/model'
import { type FleetKeys, isPeer, pinned } from './fleet-keys.ts'

/** Where one edge of a fleet is steered. */
export interface MemberAddress {
  /** What people call it: its node. */
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface MemberQuestion {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly path: string
  readonly body?: unknown
  /** Sent as they are, in the place of `body`. */
  readonly bytes?: Buffer
}

/** The control connections to one edge: kept between questions, and made anew when they are lost. */
export class MemberLink {
  readonly #address: MemberAddress
  readonly #agent: Agent

  constructor(address: MemberAddress, keys: FleetKeys) {
    this.#address = address
    this.#agent = new Agent({
      ...pinned(keys),
      keepAlive: true,
      // A session that is taken up again shows no certificate.
      maxCachedSessions: 0,
      checkServerIdentity: (_host, shown) => (isPeer(shown.raw, keys) ? undefined : new Error('It is not the edge whose certificate is pinned.')),
    })
  }

  /** The answer's JSON. Throws what the edge threw, and `EDGE_DOWN` when it did not answer before `signal`: then it is not known whether it was done, and asking again is safe. */
  async ask(question: MemberQuestion, signal: AbortSignal): Promise<unknown> {
    try {
      const answer = await this.#open(question, signal)
      let text = ''
      for await (const chunk of answer.setEncoding('utf8')) text += String(chunk)
      const body: unknown = JSON.parse(text)
      if ((answer.statusCode ?? 500) < 300) return body
      throw fromProblem(problemSchema.parse(body))
    } catch (error) {
      throw error instanceof PlimsollError ? error : this.#down(question, error)
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  async #open({ method, path, body, bytes }: MemberQuestion, signal: AbortSignal): Promise<IncomingMessage> {
    const { host, port } = this.#address
    const payload = bytes ?? (body === undefined ? undefined : Buffer.from(JSON.stringify(body)))
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const request = httpsRequest({ host, port, method, path, agent: this.#agent, signal, headers: { 'content-type': bytes === undefined ? 'application/json' : 'application/octet-stream', 'content-length': payload?.length ?? 0 } })
    request.once('response', resolve)
    request.once('error', reject)
    request.end(payload)
    return await promise
  }

  #down({ method, path }: MemberQuestion, cause: unknown): PlimsollError {
    const { name, host, port } = this.#address
    return new PlimsollError('EDGE_DOWN', `The edge on ${name} did not answer ${method} ${path} at ${host}:${port}.`, {
      hint: 'See whether its node is there, and what it says: plimsoll status',
      details: { edge: name },
      cause,
    })
  }
}
