import Link from 'next/link'
import { AccountLink, BagLink } from './visitor-links'
import { Wordmark } from './wordmark'

const SECTIONS = [
  { href: '/', label: 'Shop' },
  { href: '/deals', label: 'Deals' },
  { href: '/about', label: 'About' },
] as const

export function SiteHeader() {
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-paper/85 backdrop-blur-md">
      <div className="shell flex h-16 items-center gap-6">
        <Link href="/" aria-label="Halyard, to the shop">
          <Wordmark />
        </Link>
        <nav aria-label="Main" className="hidden gap-6 text-sm font-medium sm:flex">
          {SECTIONS.map(({ href, label }) => (
            <Link key={href} href={href} className="text-soft transition-colors hover:text-ink">
              {label}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-5 text-sm font-medium">
          <AccountLink />
          <BagLink />
        </div>
      </div>
      <nav aria-label="Sections" className="shell flex gap-6 pb-3 text-sm font-medium sm:hidden">
        {SECTIONS.map(({ href, label }) => (
          <Link key={href} href={href} className="text-soft">
            {label}
          </Link>
        ))}
      </nav>
    </header>
  )
}
