import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { ClientRequest } from 'node:http'
import { between, lasting, patienceMs, type Arrival } from '../arrival.ts'
import { exchange } from '../exchange.ts'
import { pause } from '../pause.ts'

const pieceBytes = 8192

/** A chunked upload that takes about a second; what arrived is compared by its hash. */
export const upload: Arrival = async (context) => {
  const { target, fresh, random } = context
  const pieces = Array.from({ length: between(random, 6, 20) }, () => Buffer.alloc(pieceBytes, between(random, 0, 255)))
  const whole = createHash('sha256')
  for (const piece of pieces) whole.update(piece)
  const { hop, body, failure } = await exchange({
    what: 'POST /v1/uploads',
    url: new URL('/v1/uploads', target.api),
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' },
    body: (out) => sendSlowly(out, pieces, lasting(context, 40, 120)),
    agent: fresh,
    timeoutMs: patienceMs,
  })
  if (failure !== undefined) return { hops: [hop], failure }
  const sha256 = whole.digest('hex')
  if (body.includes(sha256)) return { hops: [hop] }
  return { hops: [hop], failure: { is: 'garbled', detail: `POST /v1/uploads received other bytes than were sent: ${body.slice(0, 120)}` } }
}

async function sendSlowly(out: ClientRequest, pieces: readonly Buffer[], gapMs: number): Promise<void> {
  for (const piece of pieces) {
    if (out.destroyed) return
    if (!out.write(piece)) await Promise.race([once(out, 'drain'), once(out, 'close')])
    await pause(gapMs)
  }
  out.end()
}
