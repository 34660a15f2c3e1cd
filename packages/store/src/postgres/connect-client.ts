import type pg from 'pg'

/**
 * Connects, and rejects also when `end()` is called meanwhile: the promise of pg's own `connect` never settles then
 * (pg 8.23, `Client._connect`), and whoever waits for it waits for ever.
 */
export function connectClient(client: pg.Client): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('end', () => reject(new Error('the connection was given up while it was made')))
    client.connect().then(resolve, reject)
  })
}
