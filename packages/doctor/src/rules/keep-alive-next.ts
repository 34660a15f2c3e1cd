import type { Rule } from '../rule.ts'
import { valueIn } from '../service.ts'

/** Node closes a connection whose next headers take longer than this, and a keep-alive beyond it breaks that. */
const headersTimeoutMs = 60_000

export const keepAliveNext: Rule = {
  id: 'keep-alive-next',
  severity: 'warning',
  holds: 'KEEP_ALIVE_TIMEOUT stays below the time that Node gives headers.',
  why: 'From 60 seconds on the server resets idle connections that the proxy still uses, which users see as 502.',
  *find({ services }) {
    for (const service of services) {
      const entry = service.env.get('KEEP_ALIVE_TIMEOUT')
      const value = valueIn(service, 'KEEP_ALIVE_TIMEOUT')
      if (entry === undefined || value === undefined || !(Number(value) >= headersTimeoutMs)) continue
      yield { place: entry, message: `KEEP_ALIVE_TIMEOUT is ${value} ms`, fix: `choose less than ${headersTimeoutMs}` }
    }
  },
}
