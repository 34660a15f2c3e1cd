import { isDeepStrictEqual } from 'node:util'
import { WatchedPort, watchMs } from './watched-port.ts'

/** A machine of a cluster, as its edges are told it. */
export interface Machine {
  readonly host: string
  /** Where its engine takes connections at all times from the other machines. */
  readonly port: number
  /** Of the instances that run there. */
  readonly addresses: readonly string[]
  /** Whether one of the edges is there. */
  readonly hasEdge: boolean
}

/** For so long after a machine was lost instances elsewhere may still hold connections to what ran there: programs keep one for about a minute. */
const shakenMs = 90_000

/**
 * The machines on which instances run. Of one whose engine has ended the instances still answer: but they look up no names any more, and some seconds later the other
 * engines cut it off. Nothing is known of any until somebody tells.
 */
export class Machines {
  /** Called when an engine has ended, or is back. */
  onChange: () => void = () => undefined
  /** Called again and again while a machine is lost, and for a while after. */
  onShaken: () => void = () => undefined
  /** Called when nothing has come from other machines for a while; see {@link isAlone}. */
  onAlone: () => void = () => undefined
  /** Called when something comes back again from other machines, after {@link isAlone}. */
  onReturn: () => void = () => undefined
  #machines: readonly Machine[] = []
  #ports = new Map<string, WatchedPort>()
  #gone: ReadonlySet<string> = new Set()
  #timer: NodeJS.Timeout | undefined
  #lostAt = -Infinity
  #isAlone = false

  /** These are the machines from now on. What is known of one that stays is kept. */
  take(machines: readonly Machine[]): void {
    this.#machines = machines
    this.#ports = new Map(machines.map((machine) => [keyOf(machine), this.#ports.get(keyOf(machine)) ?? new WatchedPort(machine)]))
    this.#settle()
    this.#timer ??= setInterval(() => this.#look(), watchMs).unref()
  }

  /** Whether the engine under the instance at this address has ended. */
  isGone(address: string): boolean {
    return this.#gone.has(address)
  }

  /** Whether there is an edge on a machine whose engine answers. */
  hasEdge(): boolean {
    return this.#machines.some((machine) => machine.hasEdge && this.#ports.get(keyOf(machine))?.isThere === true)
  }

  /** Whether nothing has come from any machine but one for two seconds: that one is the own, and it is cut off from the others, or they are all gone. */
  get isAlone(): boolean {
    return this.#isAlone
  }

  /** Looks quickly whether anything comes from the others again. */
  async lookAround(): Promise<void> {
    await Promise.all([...this.#ports.values()].filter(({ isMissed }) => isMissed).map((port) => port.lookQuickly()))
    this.#settle()
  }

  /** Looks at none of them any more. */
  end(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    const now = performance.now()
    if ([...this.#ports.values()].some(({ isGone, isCut }) => isGone || isCut)) this.#lostAt = now
    if (now - this.#lostAt < shakenMs) this.onShaken()
    for (const port of this.#ports.values()) void port.look().then(() => this.#settle())
  }

  #settle(): void {
    // Settled here, after each look, because every request asks for it.
    const ports = [...this.#ports.values()]
    const wasAlone = this.#isAlone
    this.#isAlone = ports.length > 1 && ports.filter(({ isMissed }) => !isMissed).length <= 1
    if (!wasAlone && this.#isAlone) this.onAlone()
    if (wasAlone && !this.#isAlone) this.onReturn()
    const gone = new Set(this.#machines.filter((machine) => this.#ports.get(keyOf(machine))?.isGone === true).flatMap(({ addresses }) => addresses))
    if (isDeepStrictEqual(gone, this.#gone)) return
    this.#gone = gone
    this.onChange()
  }
}

function keyOf({ host, port }: Machine): string {
  return `${host} ${port}`
}
