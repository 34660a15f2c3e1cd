import { createServer } from 'node:net'
import type { AppName } from '@plimsoll/model'
import type { Store } from '@plimsoll/store'

/** How many entries all apps of one Plimsoll can have. */
const rangeSize = 900

/** Gives each service its stable port, from `from` upwards. Throws `PORT_TAKEN` when no port is left. */
export function entryPorts(store: Pick<Store, 'ports'>, from: number): (app: AppName, service: string) => Promise<number> {
  return (app, service) => store.ports.settle({ app, purpose: `entry ${service}`, range: { from, to: from + rangeSize }, isFree })
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
