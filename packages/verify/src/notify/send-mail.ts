import { isIP } from 'node:net'
import type { mailMessage } from './mail-message.ts'
import type { Answer } from './deliver.ts'

/** Hands the mail to the server that `server` names, as `smtp://user:password@host:587`, once. A password goes over TLS, or to this machine, or not at all. Throws where the server could not be spoken to. */
export async function sendMail(server: string, mail: ReturnType<typeof mailMessage>, signal: AbortSignal): Promise<Answer> {
  // Only who sends mail loads it.
  const { createTransport } = await import('nodemailer')
  const { hostname, password } = new URL(server)
  const isHere = hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
  const transport = createTransport({ url: server, disableFileAccess: true, disableUrlAccess: true, ...(password !== '' && !isHere && { requireTLS: true }) })
  try {
    const { rejected } = await transport.sendMail({ ...mail, signal })
    return rejected.length === 0 ? { is: 'taken' } : { is: 'refused', why: `it would not take it for ${rejected.map((each) => String(each)).join(', ')}` }
  } catch (error) {
    const code = codeOf(error)
    // 4xx is for now, 5xx for ever.
    if (code === undefined || code < 500) throw error
    return { is: 'refused', why: error instanceof Error ? error.message : String(error) }
  } finally {
    transport.close()
  }
}

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined
}
