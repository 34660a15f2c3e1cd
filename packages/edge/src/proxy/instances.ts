import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import type { Address, Target } from '@plimsoll/model'
import { checkInstance, type Checked } from './check-instance.ts'

type Check = NonNullable<Extract<Target, { kind: 'instances' }>['check']>

export interface InstancesEvents {
  /** Other addresses can be asked than before. */
  readonly onChange: () => void
  /** Nothing listens at an address any more, and nothing says so to whoever waits there: its machine is gone. */
  readonly onGone: (address: Address) => void
  /** Whether the machine under the instance at this address is past use, whatever the instance answers. */
  readonly isDoubtful: (address: string) => boolean
}

/** So many checks in a row have to fail before an instance is left out; after one that is well it is back. */
const failuresToLeave = 2
/** After so many without even a connection, whatever waits there waits in vain. */
const silencesToGive = 4

interface Known {
  readonly address: Address
  /** False for one that appeared later, until it has answered once: it may be announced before it can be reached. */
  answers: boolean
  failures: number
  silences: number
  checking: boolean
}

/**
 * Which instances of a Unit can be asked. Where its target says so each is checked again and again, and one that does not answer is left
 * out; a host name stands for all addresses that it has at the time, as the tasks of a service have. When none answers, all count: a
 * check that is wrong must not end a service. So it is with machines: those in doubt are asked when there are no others.
 */
export class Instances {
  readonly #events: InstancesEvents
  #target: Target
  readonly #known = new Map<string, Known>()
  #timer: NodeJS.Timeout | undefined
  #isFirst = true

  constructor(target: Target, events: InstancesEvents) {
    this.#events = events
    this.#target = target
  }

  /** Those that can be asked now, in the order in which they are listed. */
  addresses(): readonly Address[] {
    if (this.#target.kind === 'files') return []
    if (this.#known.size === 0) return this.#target.addresses
    const all = [...this.#known.values()]
    const well = all.filter(({ answers }) => answers)
    const sure = well.filter(({ address }) => !this.#events.isDoubtful(address.host))
    return [sure, well, all].find((each) => each.length > 0)?.map(({ address }) => address) ?? []
  }

  /** Checks by `target` from now on, where it says how. */
  watch(target: Target): void {
    const isSame = isDeepStrictEqual(target, this.#target)
    this.#target = target
    const check = target.kind === 'instances' ? target.check : undefined
    if (check === undefined) return this.end()
    if (this.#timer !== undefined && isSame) return
    this.#known.clear()
    this.#isFirst = true
    clearInterval(this.#timer)
    this.#timer = setInterval(() => this.#look(), check.everyMs).unref()
    this.#look()
  }

  /** Asks none of them any more. */
  end(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#known.clear()
    this.#isFirst = true
  }

  /** A connection was refused: it is left out until a check finds it well. Where nothing is checked it does nothing. */
  refused({ host, port }: Address): void {
    const known = this.#known.get(`${host}:${port}`)
    if (known === undefined || !known.answers) return
    known.answers = false
    known.failures = failuresToLeave
    this.#events.onChange()
  }

  #look(): void {
    if (this.#target.kind !== 'instances' || this.#target.check === undefined) return
    const { addresses, check } = this.#target
    void resolved(addresses).then((found) => {
      if (this.#timer === undefined) return
      if (found !== undefined) this.#take(found)
      for (const known of this.#known.values()) void this.#ask(known, check)
    })
  }

  #take(found: readonly Address[]): void {
    const wanted = new Map(found.map((address) => [`${address.host}:${address.port}`, address]))
    const gone = [...this.#known.keys()].filter((key) => !wanted.has(key))
    const come = [...wanted].filter(([key]) => !this.#known.has(key))
    for (const key of gone) this.#known.delete(key)
    for (const [key, address] of come) this.#known.set(key, { address, answers: this.#isFirst, failures: 0, silences: 0, checking: false })
    this.#isFirst = false
    if (gone.length + come.length > 0) this.#events.onChange()
  }

  async #ask(known: Known, check: Check): Promise<void> {
    if (known.checking) return
    known.checking = true
    const result = await checkInstance(known.address, check)
    known.checking = false
    if (this.#timer !== undefined) this.#judge(known, result)
  }

  #judge(known: Known, result: Checked): void {
    const before = known.answers
    known.failures = result === 'well' ? 0 : known.failures + 1
    known.silences = result === 'silent' ? known.silences + 1 : 0
    known.answers = known.failures === 0 || (before && known.failures < failuresToLeave)
    if (known.answers !== before) this.#events.onChange()
    if (known.silences === silencesToGive) this.#events.onGone(known.address)
  }
}

/** Every address behind these, each once; undefined where a name cannot be looked up now: then those that were known stay. */
async function resolved(addresses: readonly Address[]): Promise<Address[] | undefined> {
  try {
    const all = await Promise.all(addresses.map(async ({ host, port }) => (isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => ({ host: address, port })) : [{ host, port }])))
    return [...new Map(all.flat().map((address) => [`${address.host}:${address.port}`, address])).values()]
  } catch {
    // The place's own names come and go with their instances; the next look tries again.
    return undefined
  }
}
