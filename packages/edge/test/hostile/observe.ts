import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { ClientAct, HostileCase } from './hostile-case.ts'
import { type Lane, probe } from './lane.ts'
import { type Answers, readAnswers } from './read-answers.ts'

/** What came of a case. */
export interface Observation {
  /** In the words of {@link HostileCase.outcome}. */
  readonly outcome: string
  readonly answered: string
  /** By the upstream. */
  readonly heard: string
}

export interface Stage {
  readonly lane: Lane
  /** Where the proxy takes the client's bytes of this lane. */
  readonly entry: number
  /** Nothing that has not happened after so long a silence counts any more; only for proxies of which nobody knows what they will do. */
  readonly quietMs?: number
}

/** How long one thing that the case promises is waited for, on the slowest machine. */
const deadlineMs = 8_000

/** Acts as the case's client on a connection of its own, and tells what came of it. */
export async function observe(kase: HostileCase, stage: Stage): Promise<Observation> {
  const client = new Client(stage, kase.methods)
  await client.connected()
  for (const act of kase.client) await client.perform(act)
  if (!client.left) await client.until(() => client.ended !== undefined || isTold(client, kase))
  await client.until(() => stage.lane.heads >= kase.reaches && (!kase.upstreamCut || stage.lane.cut > 0))
  const [answered, heard] = [client.text, stage.lane.heard]
  const outcome = client.left ? 'left' : await outcomeOf(client, kase)
  client.destroy()
  return { outcome, answered, heard }
}

/** Whether all that the case expects of an open connection was told. Of a proxy that nobody knows, nothing is expected. */
function isTold(client: Client, { outcome }: HostileCase): boolean {
  return !client.isUnknown && /(?:open|tunnel)$/.test(outcome) && client.answers().complete >= outcome.split(' ').length - 1
}

async function outcomeOf(client: Client, { upstream }: HostileCase): Promise<string> {
  const before = client.answers()
  const told = before.statuses.map((status, index) => (index < before.complete || (before.endsWithConnection && client.ended === 'closed') ? status : `${status}…`))
  if (client.ended !== undefined) return [...told, client.ended].join(' ')
  if (before.tunnel) return [...told, 'tunnel'].join(' ')
  await client.perform(probe)
  const isGood = (): boolean => (upstream === 'refuses' || /x-probe/i.test(client.text)) && client.answers().complete === before.complete + 1
  await client.until(() => client.ended !== undefined || isGood())
  return [...told, isGood() ? 'open' : (client.ended ?? 'stuck')].join(' ')
}

class Client {
  text = ''
  left = false
  ended: 'closed' | 'reset' | undefined
  readonly #stage: Stage
  readonly #methods: readonly string[]
  readonly #socket: Socket
  readonly #over = Promise.withResolvers<void>()
  #changed = (): void => undefined

  constructor(stage: Stage, methods: readonly string[]) {
    this.#stage = stage
    this.#methods = methods
    this.#socket = connect({ port: stage.entry, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    stage.lane.onChange = () => this.#changed()
    this.#socket.on('data', (bytes) => {
      this.text += bytes.toString('latin1')
      stage.lane.tell(this.text)
      this.#changed()
    })
    const end = (how: 'closed' | 'reset'): void => {
      this.ended ??= how
      this.#over.resolve()
      this.#changed()
    }
    this.#socket.once('end', () => end('closed')).once('close', () => end('closed')).once('error', () => end('reset'))
  }

  get isUnknown(): boolean {
    return this.#stage.quietMs !== undefined
  }

  answers(): Answers {
    return readAnswers(this.text, this.#methods)
  }

  async connected(): Promise<void> {
    await once(this.#socket, 'connect')
  }

  async perform(act: ClientAct): Promise<void> {
    if (typeof act === 'string') return this.#write(act)
    switch (act.act) {
      case 'slowly': for (const byte of act.bytes) await this.#write(byte); return
      case 'seen': return this.until(() => act.text.test(this.text) || this.ended !== undefined)
      case 'reached': return this.until(() => act.text.test(this.#stage.lane.heard) || this.ended !== undefined)
      case 'fin': return void this.#socket.end()
      case 'reset': this.left = true; return void this.#socket.resetAndDestroy()
    }
  }

  /** Resolves when `met`, or at the deadline: what then is, is what is told. */
  async until(met: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const deadline = setTimeout(resolve, deadlineMs)
    let quiet: NodeJS.Timeout | undefined
    this.#changed = () => {
      if (met()) resolve()
      clearTimeout(quiet)
      if (this.#stage.quietMs !== undefined) quiet = setTimeout(resolve, this.#stage.quietMs)
    }
    this.#changed()
    await promise
    clearTimeout(deadline)
    clearTimeout(quiet)
    this.#changed = () => undefined
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Resolves when the bytes are with the kernel, or never will be. */
  async #write(bytes: string): Promise<void> {
    if (this.#socket.destroyed || this.#socket.writableEnded) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#socket.write(bytes, 'latin1', () => resolve())
    await Promise.race([promise, this.#over.promise])
  }
}
