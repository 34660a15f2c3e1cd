import WebSocket from 'ws'
import { thisMachine } from '../agent-for.ts'
import { lasting, patienceMs, type Arrival, type ArrivalContext } from '../arrival.ts'
import { explainBreak } from '../explain-break.ts'
import { wallNow, type Failure, type Hop } from '../load-record.ts'

const what = 'WS /v1/presence'
const echoEveryMs = 200
/** Codes with which a server may send a client away: going away, service restart. */
const goodbyeCodes = [1001, 1012]

/** A WebSocket that is open for two to six seconds and has every numbered message answered once, in order. */
export const socket: Arrival = (context) =>
  new Promise((resolve) => {
    const talk = startTalk(context)
    const { peer } = talk
    const settle = (failure?: Failure, serverClosed?: Hop['serverClosed']): void => {
      if (talk.settled) return
      talk.settled = true
      clearInterval(talk.echo)
      clearTimeout(talk.life)
      clearTimeout(talk.patience)
      context.ending.removeEventListener('abort', talk.stop)
      peer.terminate()
      resolve({ hops: [hopOf(talk, serverClosed)], failure })
    }
    talk.patience = setTimeout(() => settle({ is: 'timeout', detail: `${what} was not closed in time, ${talk.sent - talk.answered} messages unanswered` }), 6000 + patienceMs)
    peer.on('upgrade', (response) => {
      talk.headAt = wallNow()
      talk.status = response.statusCode
      const by = response.headers['x-served-by']
      if (typeof by === 'string') talk.servedBy = by
    })
    peer.on('unexpected-response', (_request, response) => {
      talk.status = response.statusCode
      settle({ is: 'status', detail: `${what} answered ${response.statusCode}` })
    })
    peer.on('error', (error) => settle(explainBreak(what, error, { begun: talk.headAt !== undefined, reused: false })))
    peer.on('message', (data) => {
      const failure = takeMessage(talk, String(data))
      if (failure !== undefined) settle(failure)
      else if (talk.stopping && talk.answered === talk.sent) peer.close(1000)
    })
    peer.on('close', (code) => settle(closeFailure(talk, code), talk.stopping ? undefined : { at: wallNow(), code }))
  })

interface Talk {
  readonly peer: WebSocket
  readonly startedAt: number
  readonly stop: () => void
  readonly life: NodeJS.Timeout
  readonly echo: NodeJS.Timeout
  patience: NodeJS.Timeout | undefined
  headAt: number | undefined
  status: number | undefined
  servedBy: string | undefined
  sent: number
  answered: number
  stopping: boolean
  settled: boolean
}

function startTalk(context: ArrivalContext): Talk {
  const { target, ending } = context
  const url = new URL('/v1/presence?product=load', target.api)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const stop = (): void => {
    talk.stopping = true
    clearInterval(talk.echo)
    if (talk.peer.readyState === WebSocket.CONNECTING) talk.peer.once('open', () => talk.peer.close(1000))
    else if (talk.answered === talk.sent) talk.peer.close(1000)
  }
  const say = (): void => {
    if (talk.peer.readyState !== WebSocket.OPEN) return
    talk.sent += 1
    talk.peer.send(JSON.stringify({ type: 'echo', id: talk.sent }))
  }
  const talk: Talk = {
    peer: new WebSocket(url, { handshakeTimeout: patienceMs, perMessageDeflate: false, lookup: thisMachine, ...(target.ca !== undefined && { ca: target.ca }) }),
    startedAt: wallNow(),
    stop,
    life: setTimeout(stop, lasting(context, 2000, 6000)),
    echo: setInterval(say, echoEveryMs),
    patience: undefined,
    headAt: undefined,
    status: undefined,
    servedBy: undefined,
    sent: 0,
    answered: 0,
    stopping: false,
    settled: false,
  }
  if (ending.aborted) stop()
  ending.addEventListener('abort', stop)
  return talk
}

function takeMessage(talk: Talk, text: string): Failure | undefined {
  const message = JSON.parse(text) as { type?: unknown; id?: unknown; servedBy?: unknown }
  // Browsers cannot read the headers of an upgrade, so shops say it in their first message.
  if (message.type === 'hello' && typeof message.servedBy === 'string') talk.servedBy ??= message.servedBy
  if (message.type !== 'echo') return undefined
  talk.answered += 1
  if (message.id === talk.answered) return undefined
  return { is: 'garbled', detail: `${what}: message ${talk.answered} was answered with ${String(message.id)}` }
}

function closeFailure(talk: Talk, code: number): Failure | undefined {
  const unanswered = talk.sent - talk.answered
  if (unanswered > 0) return { is: 'cut', detail: `${what} was closed with ${code} and ${unanswered} messages unanswered` }
  if (talk.stopping || goodbyeCodes.includes(code)) return undefined
  return { is: 'cut', detail: `${what} was closed with ${code}` }
}

function hopOf(talk: Talk, serverClosed: Hop['serverClosed']): Hop {
  return {
    what,
    startedAt: talk.startedAt,
    endedAt: wallNow(),
    ...(talk.headAt !== undefined && { headAt: talk.headAt }),
    ...(talk.status !== undefined && { status: talk.status }),
    ...(talk.servedBy !== undefined && { servedBy: talk.servedBy }),
    ...(serverClosed !== undefined && { serverClosed }),
  }
}
