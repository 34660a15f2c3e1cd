import { flushCompileCache } from 'node:module'
import { type Elder, elderOver, lastCountersSchema } from './elder.ts'
import { type BareSocket, holding } from './shared-sockets.ts'
import { lifeProtocol } from './start-heir.ts'
import { type Channel, talkOver } from './talk.ts'

/** What a heir gets when its time has come. */
export interface Inheritance {
  readonly sockets: ReadonlyMap<string, BareSocket>
  /** The process before, when it asked this one to serve; undefined when it died. */
  readonly elder: Elder | undefined
  /** Tells the elder that this process serves, or why it cannot. */
  settle(outcome: Promise<unknown>): void
}

const readyMs = 30_000

/** The table that new sockets are for is written down by then. */
const rehearseAfterMs = 1_000

/**
 * Waits, in a process that was started as heir, until the edge before it has died or asks it to serve.
 * Undefined when that edge was gone before this process held anything. `rehearse` is called while there is time, again when there are new sockets.
 */
export async function awaitInheritance(rehearse: () => Promise<void>): Promise<Inheritance | undefined> {
  const elderPid = process.ppid
  const { sockets, verbs } = holding()
  const called = Promise.withResolvers<Elder | undefined>()
  const settled = Promise.withResolvers<unknown>()
  let elder: Elder | undefined
  let rehearsing: NodeJS.Timeout | undefined
  const talk = talkOver(process as unknown as Channel, {
    ...verbs,
    take(body, socket) {
      verbs.take(body, socket)
      clearTimeout(rehearsing)
      rehearsing = setTimeout(() => void rehearse(), rehearseAfterMs)
    },
    async serve() {
      elder = elderOver(talk, elderPid)
      called.resolve(elder)
      await settled.promise
    },
    farewell: (counters) => elder?.remember(lastCountersSchema.parse(counters)),
  })
  void talk.over.then(() => called.resolve(undefined))
  // Nobody asked when the edge before has died; then `main.ts` tells.
  settled.promise.catch(() => undefined)
  // The next heir starts faster; and at the end of this process the home may be gone.
  flushCompileCache()
  await rehearse()
  const isHeir = await talk.ask({ verb: 'ready', body: lifeProtocol, limitMs: readyMs }).then(() => true, () => false)
  if (!isHeir) return undefined
  const asker = await called.promise
  clearTimeout(rehearsing)
  return { elder: asker, sockets, settle: (outcome) => void outcome.then(settled.resolve, settled.reject) }
}
