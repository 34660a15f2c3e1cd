/** `before`: nothing has happened when the call fails. `after`: all has happened and only the answer is lost, as in a crash. */
export type FaultTime = 'before' | 'after'

export interface Faults<Verb extends string> {
  /** The next call of `verb` fails with `error`; asked several times, so many calls fail. */
  failNext(verb: Verb, error: unknown, when?: FaultTime): void
  /** Runs `effect` as a call of `verb`, with whatever fault is due. */
  run<T>(verb: Verb, effect: () => T | Promise<T>): Promise<T>
}

export function createFaults<Verb extends string>(): Faults<Verb> {
  const due: { verb: Verb; error: unknown; when: FaultTime }[] = []
  return {
    failNext(verb, error, when = 'before') {
      due.push({ verb, error, when })
    },
    async run(verb, effect) {
      const index = due.findIndex((fault) => fault.verb === verb)
      const fault = index < 0 ? undefined : due.splice(index, 1)[0]
      if (fault?.when === 'before') throw fault.error
      const answer = await effect()
      if (fault !== undefined) throw fault.error
      return answer
    },
  }
}
