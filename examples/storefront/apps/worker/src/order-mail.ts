import { formatMoney } from '@storefront/contract'

export interface OrderToConfirm {
  readonly number: number
  readonly name: string
  readonly totalCents: number
  readonly lines: readonly { quantity: number; productName: string; size: string }[]
}

export interface OrderMail {
  readonly subject: string
  readonly body: string
}

export function writeOrderMail(order: OrderToConfirm): OrderMail {
  const lines = order.lines.map(
    ({ quantity, productName, size }) =>
      `  ${quantity} × ${productName}${size === '' ? '' : `, size ${size}`}`,
  )
  return {
    subject: `Your Halyard order ${order.number}`,
    body: [
      `Dear ${order.name},`,
      '',
      'thank you. We are packing:',
      '',
      ...lines,
      '',
      `Total: ${formatMoney(order.totalCents)}`,
      '',
      'Fair winds,',
      'Halyard',
    ].join('\n'),
  }
}
