// Run as a worker: asks once, and again `afterMs` later on the same connection, which was idle meanwhile. Says `idle`, and then what came.
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

const { host, port, afterMs } = workerData as { readonly host: string; readonly port: number; readonly afterMs: number }
const socket = connect({ host, port })
const ask = async (): Promise<string> => {
  socket.write('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n')
  return once(socket, 'data').then(([data]) => String(data), String)
}
await ask()
parentPort?.postMessage('idle')
await delay(afterMs)
parentPort?.postMessage(await ask())
socket.destroy()
