import { setTimeout as sleep } from 'node:timers/promises'
import { withTransaction, type Pool, type PoolClient } from '@storefront/db'
import { type OrderToConfirm, writeOrderMail } from './order-mail.ts'

export interface MailDeps {
  readonly pool: Pool
  readonly instanceId: string
  readonly mailLatencyMs: number
}

export interface SentMail {
  readonly orderNumber: number
  readonly recipient: string
}

interface ClaimedOrder extends OrderToConfirm {
  readonly queueId: string
  readonly orderId: string
  readonly email: string
}

/**
 * Sends the mail of one order, or tells that there is none. Everything happens in one transaction:
 * a worker that dies half-way gives the order back, and no second worker can hold it meanwhile.
 */
export async function sendNextMail(deps: MailDeps): Promise<SentMail | undefined> {
  return withTransaction(deps.pool, async (client) => {
    const order = await claimOrder(client)
    if (order === undefined) return undefined
    const mail = writeOrderMail(order)
    await sleep(deps.mailLatencyMs)
    await client.query(
      `INSERT INTO outbox (order_id, recipient, subject, body, sent_by)
       VALUES ($1, $2, $3, $4, $5)`,
      [order.orderId, order.email, mail.subject, mail.body, deps.instanceId],
    )
    await client.query('DELETE FROM order_mail_queue WHERE id = $1', [order.queueId])
    return { orderNumber: order.number, recipient: order.email }
  })
}

async function claimOrder(client: PoolClient): Promise<ClaimedOrder | undefined> {
  const { rows } = await client.query<ClaimedOrder>(
    `SELECT queue.id AS "queueId", orders.id AS "orderId", orders.number, email, name,
       total_cents AS "totalCents",
       (SELECT json_agg(json_build_object(
            'quantity', quantity, 'productName', product_name, 'size', size) ORDER BY line)
          FROM order_lines WHERE order_id = orders.id) AS lines
     FROM order_mail_queue AS queue
     JOIN orders ON orders.id = queue.order_id
     JOIN customers ON customers.id = orders.customer_id
     ORDER BY queue.id LIMIT 1
     FOR UPDATE OF queue SKIP LOCKED`,
  )
  return rows[0]
}

/** The shop never stays sold out: what has run low is brought up to its usual level. */
export async function restock(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ slug: string }>(
    'UPDATE products SET stock = restock_to WHERE stock <= restock_to / 6 RETURNING slug',
  )
  return rows.map((row) => row.slug)
}
