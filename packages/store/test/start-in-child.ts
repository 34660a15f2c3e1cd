import { startPostgres } from '../src/store.ts'

/** Starts a server as a process of its own would, says how, and stays until it is ended. */
const [home = '', systemDirectory = '', durable = 'no'] = process.argv.slice(2)
const keepAlive = setInterval(() => undefined, 60_000)
try {
  const server = await startPostgres({ home, systemDirectory, durable: durable === 'yes' }, new AbortController().signal)
  process.send?.({ how: server.how, pid: server.pid, connection: server.connection })
} catch (error) {
  process.send?.({ error: String(error) })
  clearInterval(keepAlive)
}
