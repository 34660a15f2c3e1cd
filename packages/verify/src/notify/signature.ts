import { createHmac } from 'node:crypto'

const prefix = 'whsec_'

/**
 * The `webhook-signature` of Standard Webhooks: one for each of the secrets, which stand with spaces between, so that a receiver can change its
 * own at leisure. Undefined where one of them is no such secret: `whsec_` and the Base64 of 24 to 64 bytes.
 */
export function signatureOf(secrets: string, { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string }): string | undefined {
  const keys = secrets.trim().split(/\s+/).map(keyIn)
  if (keys.some((key) => key === undefined)) return undefined
  return keys.map((key) => `v1,${createHmac('sha256', key ?? '').update(`${id}.${timestamp}.${body}`).digest('base64')}`).join(' ')
}

function keyIn(secret: string): Buffer | undefined {
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  return secret.startsWith(prefix) && key.length >= 24 && key.length <= 64 ? key : undefined
}
