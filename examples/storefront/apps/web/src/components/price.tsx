import { formatMoney, type Product } from '@storefront/contract'

export function Price({ product }: { readonly product: Product }) {
  const { priceCents, fullPriceCents } = product
  return (
    <span className="whitespace-nowrap tabular-nums">
      {fullPriceCents !== null && (
        <>
          <span className="sr-only">was </span>
          <s className="mr-2 text-soft">{formatMoney(fullPriceCents)}</s>
          <span className="sr-only">now </span>
        </>
      )}
      <span className={fullPriceCents === null ? '' : 'text-accent'}>{formatMoney(priceCents)}</span>
    </span>
  )
}
