import { listen, type Pool } from '@storefront/db'

export interface StockLevel {
  readonly slug: string
  readonly stock: number
}

export interface StockSubscriber {
  /** Called for every change, and for every product after the feed had to reconnect. */
  onChange(level: StockLevel): void
}

export interface StockFeed {
  snapshot(): Promise<Record<string, number>>
  subscribe(subscriber: StockSubscriber): () => void
  close(): Promise<void>
}

export interface StockFeedOptions {
  readonly pool: Pool
  readonly connectionString: string
  readonly onError: (error: Error) => void
}

/** One LISTEN connection for the whole process, fanned out to every open stream. */
export function createStockFeed(options: StockFeedOptions): StockFeed {
  const subscribers = new Set<StockSubscriber>()
  const publish = (level: StockLevel): void => {
    for (const subscriber of subscribers) subscriber.onChange(level)
  }
  const publishAll = async (): Promise<void> => {
    if (subscribers.size === 0) return
    for (const [slug, stock] of Object.entries(await readStock(options.pool))) {
      publish({ slug, stock })
    }
  }
  const listener = listen({
    connectionString: options.connectionString,
    channel: 'stock_changed',
    onNotify: (payload) => publish(JSON.parse(payload) as StockLevel),
    onListening: () => void publishAll().catch(options.onError),
    onError: options.onError,
  })
  return {
    snapshot: () => readStock(options.pool),
    subscribe(subscriber) {
      subscribers.add(subscriber)
      return () => subscribers.delete(subscriber)
    },
    close: () => listener.close(),
  }
}

async function readStock(pool: Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query<StockLevel>('SELECT slug, stock FROM products')
  return Object.fromEntries(rows.map((row) => [row.slug, row.stock]))
}
