import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { SwarmLab } from './raise-swarm-lab.ts'

/** The way into a lab's network from here, and that of its units to a witness outside. */
export interface LabDoor {
  /** A port of this machine's loopback whose connections go to the first of these addresses (`host:port`) that takes them, from where users are. It is open until `close`. */
  open(addresses: readonly string[]): Promise<number>
  /** As `tcp://host:port`, for units. */
  readonly witness: string
  /** What it was told so far. */
  notes(): readonly string[]
  close(): Promise<void>
}

const program = fileURLToPath(new URL('beside-the-lab.ts', import.meta.url))

/** Opens nothing yet. The load needs no permission to go anywhere but to this machine's loopback, and neither does anybody else who asks by this door. */
export async function openLabDoor(lab: Pick<SwarmLab, 'enter' | 'outside'>): Promise<LabDoor> {
  const [enter = '', ...words] = [...lab.enter, process.execPath, '--disable-warning=ExperimentalWarning', program, lab.outside]
  const child = spawn(enter, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exit = once(child, 'exit')
  const [witness] = (await once(child, 'message')) as [string]
  const notes: string[] = []
  child.on('message', (note: string) => notes.push(note))
  return {
    witness,
    notes: () => notes,
    async open(addresses) {
      const server = createServer()
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const { port } = server.address() as AddressInfo
      // A socket is of the network in which it was made, whoever holds it.
      await new Promise<void>((resolve, reject) => child.send([...addresses], server, (error) => (error === null ? resolve() : reject(error))))
      server.close()
      return port
    },
    async close() {
      child.disconnect()
      await exit
    },
  }
}
