/** What goes wrong with one request. `when` says whether the change was made before it went wrong. */
export type Fault =
  | { readonly does: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly when?: 'before' | 'after' }
  | { readonly does: 'drop'; readonly when: 'before' | 'after' }
  /** Answers only after so many simulated ms; the change is made at once. */
  | { readonly does: 'delay'; readonly ms: number }
  /** Answers with this text, whatever the answer would have been. */
  | { readonly does: 'garble'; readonly text: string }
  /** Something else happens right before: an auto-deploy races in, say. */
  | { readonly does: 'precede'; readonly by: () => void }

export interface FaultTable {
  /** The next request of this kind, `POST /services/{serviceId}/deploys` say, meets the fault; with `times` so many do. */
  add(on: string, fault: Fault, times?: number): void
  /** The fault that is due for a request, if any; it is used up. */
  take(on: string): Fault | undefined
  /** How many are left. */
  readonly left: number
}

export function createFaultTable(): FaultTable {
  const due: { readonly on: string; readonly fault: Fault; times: number }[] = []
  return {
    add: (on, fault, times = 1) => void due.push({ on, fault, times }),
    take(on) {
      const row = due.find((each) => each.on === on && each.times > 0)
      if (row === undefined) return undefined
      row.times -= 1
      return row.fault
    },
    get left() { return due.reduce((sum, { times }) => sum + times, 0) },
  }
}
