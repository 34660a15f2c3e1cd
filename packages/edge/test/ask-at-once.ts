import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { parentPort, workerData } from 'node:worker_threads'

// Runs beside the thread of a test: asks as often as it is told at the same time, on as many connections, and says what came of each.
const { host, port, count } = workerData as { readonly host: string; readonly port: number; readonly count: number }
const agent = new Agent({ keepAlive: false })
const ask = async (): Promise<string> => new Promise((resolve) => {
  get({ host, port, agent }, (answer) => void text(answer).then(resolve, () => resolve('cut'))).once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
})
parentPort?.postMessage(await Promise.all(Array.from({ length: count }, ask)))
