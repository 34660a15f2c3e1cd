import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** A resolver like that of an engine: it answers for the hosts that it knows, and passes others on to one that is away, so that nothing comes back. */
export interface NameServer {
  readonly port: number
  /** Host → addresses, as they are now. */
  readonly hosts: Map<string, readonly string[]>
  /** Questions for a host that it had no answer for. */
  readonly passedOn: string[]
  close(): Promise<void>
}

export async function nameServer(): Promise<NameServer> {
  const hosts = new Map<string, readonly string[]>()
  const passedOn: string[] = []
  const socket: Socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    const host = hostIn(question)
    const found = hosts.get(host)
    if (found === undefined) passedOn.push(host)
    else socket.send(answerTo(question, host, found), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: (socket.address() as AddressInfo).port, hosts, passedOn, close: async () => new Promise((resolve) => void socket.close(() => resolve())) }
}

const headBytes = 12

function hostIn(question: Buffer): string {
  const labels: string[] = []
  for (let at = headBytes; (question[at] ?? 0) > 0; at += 1 + (question[at] ?? 0)) labels.push(question.toString('latin1', at + 1, at + 1 + (question[at] ?? 0)))
  return labels.join('.')
}

/** RFC 1035, 4: the head, the question as it came, and a record of 600 s for each address, as engines give it. */
function answerTo(question: Buffer, host: string, addresses: readonly string[]): Buffer {
  const asked = question.subarray(headBytes, headBytes + host.length + 2 + 4)
  const head = Buffer.from([question[0] ?? 0, question[1] ?? 0, 0x81, 0x80, 0, 1, 0, addresses.length, 0, 0, 0, 0])
  const records = addresses.map((address) => Buffer.from([0xc0, headBytes, 0, 1, 0, 1, 0, 0, 0x02, 0x58, 0, 4, ...address.split('.').map(Number)]))
  return Buffer.concat([head, asked, ...records])
}
