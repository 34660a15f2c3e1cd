import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range from which the system takes ports for outgoing connections, so that none of those is ever in the way. */
const lowest = 20_000
const highest = 32_000

/** The first of `count` ports in a row that nobody listens on now. Different callers look in different places first. */
export async function freePorts(count: number): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const from = lowest + Math.floor(Math.random() * (highest - lowest - count))
    const free = await Promise.all(Array.from({ length: count }, (_, at) => isFree(from + at)))
    if (free.every(Boolean)) return from
  }
  throw new Error(`there are no ${count} free ports in a row between ${lowest} and ${highest}`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening')
  } catch {
    return false // taken, which is the answer
  }
  server.close()
  await once(server, 'close')
  return true
}
