import type { Message } from './message.ts'

/** What a webhook is sent. The same at every try, as its id is. */
export function webhookBody({ type, at, data }: Message): string {
  return JSON.stringify({ type, timestamp: at, data })
}
