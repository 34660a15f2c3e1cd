import { createHmac, timingSafeEqual } from 'node:crypto'

/** Whether `header`, as GitHub sends it in `X-Hub-Signature-256`, was made over exactly these bytes by whoever knows `secret`. Takes as long for a wrong one as for the right one. */
export function isSignedBy(secret: string, body: Uint8Array, header: string | undefined): boolean {
  const given = Buffer.from(/^sha256=([0-9a-f]{64})$/i.exec(header ?? '')?.[1] ?? '', 'hex')
  const right = createHmac('sha256', secret).update(body).digest()
  return given.length === right.length && timingSafeEqual(given, right)
}
