import { edit, type Fault } from './fault.ts'

const apiMain = 'apps/api/src/main.ts'
const closing = 'apps/api/src/close-on-signal.ts'
const products = 'apps/api/src/resources/products.ts'

/** What shows only when it is asked a lot, or to end. */
export const shutdownAndLoadFaults: readonly Fault[] = [
  { id: 'signal-dropped', what: 'SIGTERM ends the API in the middle of what it answers', caughtBy: ['shutdown.graceful'], edits: [edit(closing, "  process.on('SIGTERM', onSignal)\n", '')] },
  { id: 'signal-ignored', what: 'the API goes on after SIGTERM', caughtBy: ['shutdown.graceful'], edits: [edit(closing, "  process.on('SIGTERM', onSignal)\n", "  process.on('SIGTERM', () => undefined)\n")] },
  { id: 'connections-cut', what: 'on SIGTERM every connection is cut', caughtBy: ['shutdown.graceful'], edits: [edit(closing, '    await app.close()\n', '    app.server.closeAllConnections()\n    await app.close()\n')] },
  { id: 'shell-in-between', what: 'a shell gets the signal, and the program behind it does not', caughtBy: ['shutdown.graceful'], edits: [edit('render.yaml', 'startCommand: node apps/api/dist/main.js', "startCommand: sh -c 'node apps/api/dist/main.js; echo ended'")] },
  { id: 'never-closes', what: 'the API waits for something that never ends', caughtBy: ['shutdown.graceful'], edits: [edit(apiMain, '    await pool.end()\n', '    await pool.end()\n    await new Promise((resolve) => setTimeout(resolve, 600_000))\n')] },
  { id: 'a-query-a-row', what: 'the list of products asks once more for each row', caughtBy: ['load.requests'], edits: [edit(products, '      return { products: rows }', "      for (const row of rows) await deps.pool.query('SELECT stock, pg_sleep(0.002) FROM products WHERE id = $1', [row.id])\n      return { products: rows }")] },
  { id: 'pool-leaks', what: 'a connection is taken from the pool and never given back', caughtBy: ['database.connections'], edits: [edit(products, '      const [product] = rows\n', '      const client = await deps.pool.connect()\n      client.on(\'notice\', () => undefined)\n      const [product] = rows\n')] },
  { id: 'transaction-left-open', what: 'what goes wrong in a transaction is not rolled back', caughtBy: ['database.connections'], edits: [edit('packages/db/src/pool.ts', "    await client.query('ROLLBACK').catch((rollbackError: Error) => {\n      broken = rollbackError\n    })\n    throw error\n", '    broken = undefined\n    throw error\n')] },
  { id: 'memory-leaks', what: 'every request leaves something behind', caughtBy: ['load.requests'], edits: [edit('apps/api/src/build-api.ts', "  app.addHook('onRequest', async (_request, reply) => {\n", "  const seen: Buffer[] = []\n  app.addHook('onRequest', async (_request, reply) => {\n    seen.push(Buffer.alloc(64 * 1024, seen.length))\n")] },
  { id: 'fails-now-and-then', what: 'one request of twenty fails', caughtBy: ['load.requests', 'release.switch'], edits: [edit(products, '      return { products: rows }', "      if (Math.random() < 0.05) throw new Error('the cache is cold')\n      return { products: rows }")] },
]
