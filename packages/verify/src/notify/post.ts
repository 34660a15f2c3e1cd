import type { Answer } from './deliver.ts'

export interface Letter {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For reading a date in `Retry-After`. */
  readonly now: number
}

/** Of what a receiver answers, this much is told. */
const toldOfAnswer = 200

/** Sends it once. Only 2xx is taken: a redirect is no answer, as whoever listens there was not asked. Throws where there was no answer at all. */
export async function post({ url, headers, body, now }: Letter, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', 'user-agent': 'plimsoll', ...headers }, body, redirect: 'manual', signal })
  const { status } = response
  const said = await beginningOf(response)
  if (status >= 200 && status < 300) return { is: 'taken' }
  const why = `it answered ${status}${said === '' ? '' : `: ${said}`}`
  if (status === 410) return { is: 'gone', why }
  const afterMs = waitIn(response.headers.get('retry-after'), now)
  // GitHub says 403 to who asks too often, and then when to come back.
  const mayLater = status >= 500 || status === 408 || status === 429 || (status === 403 && afterMs !== undefined)
  if (!mayLater) return { is: 'refused', why }
  return { is: 'later', why, ...(afterMs !== undefined && { afterMs }) }
}

/** The first piece of the body; the rest is not waited for. */
async function beginningOf(response: Response): Promise<string> {
  if (response.body === null) return ''
  const reader = response.body.getReader()
  try {
    const { value } = await reader.read()
    return new TextDecoder().decode(value).slice(0, toldOfAnswer).replace(/\s+/g, ' ').trim()
  } finally {
    await reader.cancel()
  }
}

/** `Retry-After`, in either of its forms, as milliseconds. */
function waitIn(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
