export type StockTone = 'plenty' | 'few' | 'none'

export interface StockWords {
  readonly tone: StockTone
  readonly text: string
}

const FEW = 10

export function stockWords(stock: number): StockWords {
  if (stock === 0) return { tone: 'none', text: 'Back in soon' }
  if (stock <= FEW) return { tone: 'few', text: `Only ${stock} left` }
  return { tone: 'plenty', text: `${stock} in stock` }
}
