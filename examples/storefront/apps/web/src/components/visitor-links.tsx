'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useEffect, useState } from 'react'

interface Visitor {
  readonly bagCount: number
  readonly firstName: string | undefined
}

/**
 * The header belongs to pages that are the same for everybody, so what is personal in it comes
 * from two small cookies and only in the browser. Nothing is decided by them.
 */
function useVisitor(): Visitor {
  const [visitor, setVisitor] = useState<Visitor>({ bagCount: 0, firstName: undefined })
  const pathname = usePathname()
  useEffect(() => {
    const read = (): void => setVisitor(visitorOf(document.cookie))
    read()
    // Not in every browser yet; where it is missing, the next navigation brings the news.
    const store = 'cookieStore' in window ? window.cookieStore : undefined
    store?.addEventListener('change', read)
    return () => store?.removeEventListener('change', read)
  }, [pathname])
  return visitor
}

function visitorOf(cookies: string): Visitor {
  const values = new Map(
    cookies.split('; ').map((pair) => {
      const [name = '', value = ''] = pair.split('=')
      return [name, decodeURIComponent(value)]
    }),
  )
  return {
    bagCount: Number(values.get('halyard_bag_count') ?? 0),
    firstName: values.get('halyard_name') || undefined,
  }
}

export function AccountLink() {
  const { firstName } = useVisitor()
  const [href, label] = firstName ? (['/orders', firstName] as const) : (['/sign-in', 'Sign in'] as const)
  return (
    <Link href={href} className="text-soft transition-colors hover:text-ink">
      {label}
    </Link>
  )
}

export function BagLink() {
  const { bagCount } = useVisitor()
  return (
    <Link
      href="/cart"
      aria-label={`Bag, ${bagCount} ${bagCount === 1 ? 'item' : 'items'}`}
      className="flex h-10 items-center gap-2 rounded-full border border-line bg-card px-4 transition-colors hover:border-ink"
    >
      Bag
      <span
        className={`min-w-5 text-center tabular-nums ${bagCount > 0 ? 'font-semibold text-accent' : 'text-soft'}`}
      >
        {bagCount}
      </span>
    </Link>
  )
}
