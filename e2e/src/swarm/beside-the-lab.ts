// Runs in the network of a lab. Carries the connections of ports that it is given to the addresses that are named for each, and holds the witness that units tell
// what they wrote. It says where that is when it listens,
// then each note as it is written, and ends with whoever started it.
import type { Server } from 'node:net'
import { openWitness } from '../crash/open-witness.ts'
import { carry } from './carry.ts'

const [host = ''] = process.argv.slice(2)
const witness = await openWitness(host, (note) => process.send?.(note))
process.on('message', (addresses: string[], handle) => {
  const server = handle as Server
  server.on('connection', (socket) => carry(socket, addresses))
})
process.once('disconnect', () => process.exit(0))
process.send?.(witness.url)
