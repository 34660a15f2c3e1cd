import { PlimsollError } from '@plimsoll/model'
import type { Server } from './session.ts'

interface Chosen {
  readonly server?: string
  readonly token?: string
}

const hint = 'Make a token in the console there, and set PLIMSOLL_TOKEN to it.'

/** The Plimsoll that a command names, or its environment; undefined for that of this machine. Throws `USAGE`. */
export function serverIn({ server, token }: Chosen, { PLIMSOLL_SERVER, PLIMSOLL_TOKEN }: NodeJS.ProcessEnv): Server | undefined {
  const url = server ?? (PLIMSOLL_SERVER || undefined)
  if (url === undefined) {
    if (token === undefined) return undefined
    throw new PlimsollError('USAGE', '--token is for a Plimsoll that --server names', { hint })
  }
  const read = URL.parse(url)
  if (read === null || !/^https?:$/.test(read.protocol)) throw new PlimsollError('USAGE', `"${url}" is no address of a Plimsoll`, { hint: 'As in: --server https://plimsoll.example.com' })
  const given = token ?? (PLIMSOLL_TOKEN || undefined)
  if (given === undefined) throw new PlimsollError('USAGE', `Nobody is known to ${read.origin} without a token`, { hint })
  if (read.protocol === 'http:' && !/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(read.hostname)) throw new PlimsollError('USAGE', `A token would go to ${read.host} in the clear`, { hint: 'Use https://, or lead a port to it: ssh -L 4070:127.0.0.1:4070' })
  return { url: read.href, token: given }
}
