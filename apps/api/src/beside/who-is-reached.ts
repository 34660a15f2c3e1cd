import { contract } from '@plimsoll/model'

/** Who answers at the address of all: this process, another one and whether that holds the home, or nobody of ours. */
export type Reached = { readonly is: 'me' } | { readonly is: 'another'; readonly holds: boolean } | { readonly is: 'nobody' }

export interface Looking {
  /** Where people reach whichever unit is live. */
  readonly url: string
  /** Made at the start of this process, and told at `/healthz`. */
  readonly instance: string
}

const patienceMs = 3_000

/** Asks the address that people use who is there. Never rejects. */
export async function whoIsReached({ url, instance }: Looking, signal: AbortSignal): Promise<Reached> {
  try {
    const answer = await fetch(new URL(contract.health.path, url), { redirect: 'error', signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) })
    const read = contract.health.reply.safeParse(await answer.json())
    if (!read.success || read.data.unit === undefined) return { is: 'nobody' }
    const { unit } = read.data
    return unit.instance === instance ? { is: 'me' } : { is: 'another', holds: unit.holds }
  } catch {
    // Whatever stands there now: nothing that was released yet, or a proxy whose network is away for a moment.
    return { is: 'nobody' }
  }
}
