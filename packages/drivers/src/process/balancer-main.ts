// `node balancer-main.ts PORT FILE`: balances the connections to PORT over the ports in FILE, until it is told to end and the last of them is over.
import { readFileSync } from 'node:fs'
import { createBalancer } from './balancer.ts'

const [port = '', file = ''] = process.argv.slice(2)
let known = parsePorts(readFileSync(file, 'utf8'))

const server = createBalancer(currentPorts)
server.listen({ port: Number(port), host: '127.0.0.1' })
process.once('SIGTERM', () => server.close())

/** Read at each connection, because a unit may be given more or fewer instances while it runs. */
function currentPorts(): readonly number[] {
  try {
    known = parsePorts(readFileSync(file, 'utf8'))
  } catch {
    // Whatever became of the file: the instances that were there most probably still are.
  }
  return known
}

function parsePorts(text: string): readonly number[] {
  return JSON.parse(text) as number[]
}
