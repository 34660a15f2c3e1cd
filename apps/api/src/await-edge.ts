import type { Clock } from '@plimsoll/engine'
import type { VerbCall } from './around-verbs.ts'
import { awaitReturn } from './await-return.ts'

/** How long an edge that does not answer is waited for: its heir serves after a tenth of a second, and one that died with its heir is started again within seconds. */
const awayMs = 10_000

/** `call` to an edge, made again while nobody answers. `EDGE_DOWN` after ten seconds. */
export function awaitEdge(call: VerbCall, clock: Clock): Promise<unknown> {
  return awaitReturn(call, { code: 'EDGE_DOWN', awayMs, clock })
}
