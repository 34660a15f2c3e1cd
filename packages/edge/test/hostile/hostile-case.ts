/**
 * One hostile or odd thing that a client or an upstream does, and what has to come of it. Cases are data, so that the
 * same ones can be put to other proxies. Bytes are strings of latin1.
 */
export interface HostileCase {
  readonly name: string
  /** What the client does, in order. */
  readonly client: readonly ClientAct[]
  /** What the upstream does when it has heard the head of a request: one script for each request, the last one for all that follow. */
  readonly upstream: readonly (readonly UpstreamAct[])[] | 'refuses'
  /** The methods of the client's requests, where one of them is HEAD: its answer has no body. */
  readonly methods: readonly string[]
  /**
   * The statuses of all answers, and what then became of the connection. `400 closed`; `100 200 open`, which includes that
   * the next request on it gets its own answer; `200… reset` for an answer that was cut; `101 tunnel`; `closed`
   * without any; `left` when the client itself broke off.
   */
  readonly outcome: string
  /** How many request heads the upstream heard. */
  readonly reaches: number
  /** What the client's answers hold, and what they lack. */
  readonly answers: readonly RegExp[]
  readonly answersLack: readonly RegExp[]
  /** What the upstream heard, and what it did not. */
  readonly hears: readonly RegExp[]
  readonly hearsNot: readonly RegExp[]
  /** Whether the upstream sees its connection end although it does nothing for it. */
  readonly upstreamCut: boolean
  /** `impatient`: the proxy waits a second or two, for heads or for the rest of bodies. `narrow`: it takes bodies of 1000 bytes. */
  readonly proxy: ProxyKind
}

export const proxyKinds = ['usual', 'narrow', 'impatient-heads', 'impatient-bodies'] as const
export type ProxyKind = (typeof proxyKinds)[number]

export type ClientAct = string | Act<'fin' | 'reset'> | Seen | Reached | Slowly
export type UpstreamAct = string | Act<'fin' | 'reset' | 'echo' | 'whole' | 'abandoned'> | Told

interface Act<Name extends string> {
  readonly act: Name
}
interface Seen extends Act<'seen'> {
  readonly text: RegExp
}
interface Reached extends Act<'reached'> {
  readonly text: RegExp
}
interface Told extends Act<'told'> {
  readonly text: RegExp
}
interface Slowly extends Act<'slowly'> {
  readonly bytes: string
}

/** Closes this side's way, or all of it with a reset. */
export const fin: Act<'fin'> = { act: 'fin' }
export const reset: Act<'reset'> = { act: 'reset' }
/** Waits for the whole request, then answers 200 with the request as it was heard. */
export const echo: Act<'echo'> = { act: 'echo' }
/** Waits for the whole request. */
export const whole: Act<'whole'> = { act: 'whole' }
/** Waits until the other side closes. */
export const abandoned: Act<'abandoned'> = { act: 'abandoned' }
/** The client waits until it was told this, or the upstream has heard this. */
export const seen = (text: RegExp): Seen => ({ act: 'seen', text })
export const reached = (text: RegExp): Reached => ({ act: 'reached', text })
/** The upstream waits until the client was told this. */
export const told = (text: RegExp): Told => ({ act: 'told', text })
/** Bytes one by one, each in a packet of its own. */
export const slowly = (bytes: string): Slowly => ({ act: 'slowly', bytes })

export const host = 'Host: shop.test\r\n'
export const ok = 'HTTP/1.1 200 OK\r\n'

/** A request as bytes. `fields` are whole lines without their end; `body` follows as it is. */
export function request(line: string, fields: readonly string[] = [], body = ''): string {
  return `${line} HTTP/1.1\r\n${host}${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`
}

type Rest = Partial<Omit<HostileCase, 'name' | 'client'>>
type Sent = string | readonly ClientAct[]

export function kase(name: string, client: Sent, rest: Rest & Pick<HostileCase, 'outcome' | 'reaches'>): HostileCase {
  const usual = { upstream: [[echo]], methods: [], answers: [], answersLack: [], hears: [], hearsNot: [], upstreamCut: false, proxy: 'usual' } as const
  return { ...usual, ...rest, name, client: typeof client === 'string' ? [client] : client }
}

/** Nothing of it reaches the upstream, and the connection ends. */
export function refused(name: string, client: Sent, { status = 400, ...rest }: Rest & { status?: number } = {}): HostileCase {
  return kase(name, client, { outcome: `${status} closed`, reaches: 0, ...rest })
}

/** It is answered, and the connection goes on. */
export function passes(name: string, client: Sent, rest: Rest = {}): HostileCase {
  return kase(name, client, { outcome: '200 open', reaches: 1, ...rest })
}

/** What comes of a simple request when the upstream does this. */
export function upstreamDoes(name: string, acts: readonly UpstreamAct[], rest: Rest & Pick<HostileCase, 'outcome'>): HostileCase {
  return kase(name, request('GET /'), { reaches: 1, upstream: [acts], ...rest })
}
