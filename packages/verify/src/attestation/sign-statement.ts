import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { z } from 'zod'

const payloadType = 'application/vnd.in-toto+json'

/** A signed statement, as DSSE v1 has it (secure-systems-lab/dsse, protocol.md). */
export const envelopeSchema = z.object({
  payloadType: z.literal(payloadType),
  payload: z.base64(),
  signatures: z.array(z.object({ keyid: z.string(), sig: z.base64() })).min(1),
})
export type Envelope = z.infer<typeof envelopeSchema>

/** Signs `statement` with an Ed25519 key. */
export function signStatement(statement: unknown, key: KeyObject): Envelope {
  const body = Buffer.from(JSON.stringify(statement))
  return { payloadType, payload: body.toString('base64'), signatures: [{ keyid: keyIdOf(key), sig: sign(null, preAuthentication(body), key).toString('base64') }] }
}

/** What is in the envelope; undefined unless `key` has signed it. */
export function readStatement({ payload, signatures }: Envelope, key: KeyObject): unknown {
  const body = Buffer.from(payload, 'base64')
  const isOurs = signatures.some(({ sig }) => verify(null, preAuthentication(body), createPublicKey(key), Buffer.from(sig, 'base64')))
  return isOurs ? (JSON.parse(body.toString()) as unknown) : undefined
}

/** Of the public half: the first 16 hexadecimal digits of its SHA-256. */
function keyIdOf(key: KeyObject): string {
  return createHash('sha256').update(createPublicKey(key).export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 16)
}

/** PAE of the protocol: what is signed says what it is, so that it can be taken for nothing else. */
function preAuthentication(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body])
}
