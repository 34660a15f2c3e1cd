import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { PlimsollError } from '@plimsoll/model'
import { codeOf } from './code-of.ts'

const lowest = 15_432
const count = 4_000

/**
 * A free port of 127.0.0.1 that the kernel will not hand to an outgoing connection, so
 * that it is still free after a restart. `seed` spreads homes over the range.
 */
export async function chooseServerPort(seed: number): Promise<number> {
  const ephemeral = await ephemeralPorts()
  for (let offset = 0; offset < count; offset += 1) {
    const port = lowest + ((seed + offset) % count)
    const handedOut = port >= ephemeral.low && port <= ephemeral.high
    if (!handedOut && (await isFreePort(port))) return port
  }
  throw new PlimsollError('PORT_TAKEN', `No port between ${lowest} and ${lowest + count - 1} is free for the embedded database`, {
    hint: 'See what listens there: ss -ltnp',
  })
}

/** True when nothing listens on this port of 127.0.0.1, and we may. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE' || codeOf(error) === 'EACCES') resolve(false)
      else reject(error)
    })
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

async function ephemeralPorts(): Promise<{ readonly low: number; readonly high: number }> {
  try {
    const [low, high] = (await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')).trim().split(/\s+/).map(Number)
    if (low !== undefined && high !== undefined) return { low, high }
  } catch {
    // Some containers hide it; the kernel's own default then holds.
  }
  return { low: 32_768, high: 60_999 }
}
