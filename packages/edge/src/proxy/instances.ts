import { isDeepStrictEqual } from 'node:util'
import type { Address, Target } from '@plimsoll/model'
import { checkInstance, type Checked } from './check-instance.ts'
import type { Names } from './names.ts'

type InstancesTarget = Extract<Target, { kind: 'instances' }>
type Check = NonNullable<InstancesTarget['check']>

export interface InstancesEvents {
  /** Other addresses can be asked than before. */
  readonly onChange: () => void
  /** Nothing listens at an address any more, and nothing says so to whoever waits there: its machine is gone. */
  readonly onGone: (address: Address) => void
  /** An instance has left the name by which it was found: it is about to end, and answers what it has. */
  readonly onLeft: (address: Address) => void
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
 * out; a host name stands for all addresses that it has at the time, as the tasks of a service have. One that has left its name is asked no more: a cluster
 * takes an instance out two seconds before it tells it to end. When none answers, all count: a check that is wrong must not end a service. So it is
 * with machines: those in doubt are asked when there are no others.
 */
export class Instances {
  readonly #events: InstancesEvents
  readonly #names: Names
  #target: Target
  readonly #known = new Map<string, Known>()
  #timer: NodeJS.Timeout | undefined
  #isFirst = true

  constructor(target: Target, { names, ...events }: InstancesEvents & { readonly names: Names }) {
    this.#events = events
    this.#names = names
    this.#target = target
  }

  /** Those that can be asked now, in the order in which they are listed. */
  addresses(): readonly Address[] {
    if (this.#target.kind === 'files') return []
    if (this.#known.size === 0) return askedFor(this.#target)
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
    const target = this.#target
    const { check } = this.#target
    const askAll = (): void => {
      for (const known of this.#known.values()) void this.#ask(known, check)
    }
    // A lookup may take long, and those that are known have to be asked meanwhile.
    askAll()
    void this.#find(target).then((found) => {
      if (found.length === 0 || this.#timer === undefined || this.#target !== target) return
      if (this.#take(found)) askAll()
    })
  }

  /** Every address, each once; none where no name can be looked up now: names come and go with their instances, and those that were known stay until the next look. */
  async #find(target: InstancesTarget): Promise<Address[]> {
    const all = await Promise.all(askedFor(target).map(async ({ host, port }) => (await this.#names.addressesOf(host)).map((address) => ({ host: address, port }))))
    return [...new Map(all.flat().map((address) => [`${address.host}:${address.port}`, address])).values()]
  }

  /** True where others have come. */
  #take(found: readonly Address[]): boolean {
    const wanted = new Map(found.map((address) => [`${address.host}:${address.port}`, address]))
    const gone = [...this.#known].filter(([key]) => !wanted.has(key))
    const come = [...wanted].filter(([key]) => !this.#known.has(key))
    for (const [key, known] of gone) {
      this.#known.delete(key)
      // One from which nothing came any more has not ended well: its machine is gone.
      if (known.silences > 0) this.#events.onGone(known.address)
      else this.#events.onLeft(known.address)
    }
    for (const [key, address] of come) this.#known.set(key, { address, answers: this.#isFirst, failures: 0, silences: 0, checking: false })
    this.#isFirst = false
    if (gone.length + come.length > 0) this.#events.onChange()
    return come.length > 0
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

/** The hosts to look up: one for all of them where there is one. */
function askedFor({ addresses, check }: InstancesTarget): readonly Address[] {
  const [first] = addresses
  return check?.name === undefined || first === undefined ? addresses : [{ host: check.name, port: first.port }]
}
