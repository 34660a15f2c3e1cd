import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/**
 * Looks on from outside, and is told by the programs of an app what they do, wherever they run. It outlives all of them, and shares
 * neither files nor machine with them: what it has written down is what happened.
 */
export interface Witness {
  /** Where programs tell it, as `tcp://host:port`. */
  readonly url: string
  /** What it was told, in order: `<ms> <what>`. `<ms> <kind> two at once` where a second one of a kind came while the first one lived. */
  notes(): readonly string[]
  /** Called twice it does nothing more. */
  close(): Promise<void>
}

/** Listens at `host`, an address of this machine; `told` hears each note as it is written. */
export async function openWitness(host: string, told: (note: string) => void = () => undefined): Promise<Witness> {
  const notes: string[] = []
  const write = (text: string): void => {
    const note = `${Date.now()} ${text}`
    notes.push(note)
    told(note)
  }
  const books: Books = { write, counts: new Map(), holders: new Map() }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // Whoever dies breaks off: that is how it is known.
    socket.on('error', () => socket.destroy())
    createInterface(socket).on('line', (line) => hear(books, socket, line)).on('error', () => undefined)
  })
  await once(server.listen(0, host), 'listening')
  return {
    url: `tcp://${host}:${(server.address() as AddressInfo).port}`,
    notes: () => notes,
    async close() {
      if (!server.listening) return
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

interface Books {
  readonly write: (text: string) => void
  /** How often a key was added. */
  readonly counts: Map<string, number>
  /** Who claims to be the only one of a kind, as far as is known. */
  readonly holders: Map<string, Set<Holder>>
}

interface Holder {
  readonly socket: Socket
  /** Told when it says that it lives. */
  heard: () => void
}

function hear(books: Books, socket: Socket, line: string): void {
  const [word = '', ...rest] = line.split(' ')
  const said = rest.join(' ')
  switch (word) {
    case 'note':
      books.write(said)
      return void socket.write('noted\n')
    case 'add':
      books.counts.set(said, (books.counts.get(said) ?? 0) + 1)
      return void socket.write(`${books.counts.get(said) ?? 0}\n`)
    case 'count':
      return void socket.write(`${books.counts.get(said) ?? 0}\n`)
    case 'alone':
      claim(books, socket, said)
      return void socket.write('noted\n')
    default: // An answer to the question whether it lives.
      for (const holder of [...books.holders.values()].flatMap((each) => [...each])) if (holder.socket === socket) holder.heard()
  }
}

/** Those who are there already are asked whether they live: one that has died may not have been missed yet, and one that answers was there all the time. */
function claim({ write, holders }: Books, socket: Socket, kind: string): void {
  const others = holders.get(kind) ?? new Set<Holder>()
  for (const other of others) {
    other.heard = () => {
      other.heard = () => undefined
      write(`${kind} two at once`)
    }
    other.socket.write('there?\n')
  }
  const holder: Holder = { socket, heard: () => undefined }
  holders.set(kind, others.add(holder))
  socket.once('close', () => others.delete(holder))
}
