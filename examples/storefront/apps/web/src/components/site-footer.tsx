import Link from 'next/link'
import { Wordmark } from './wordmark'

const helpUrl = process.env.NEXT_PUBLIC_HELP_URL

export function SiteFooter() {
  return (
    <footer className="mt-24 border-t border-line">
      <div className="shell flex flex-col gap-8 py-12 text-sm text-soft sm:flex-row sm:items-end">
        <div className="flex flex-col gap-3">
          <span className="text-ink">
            <Wordmark />
          </span>
          <p className="max-w-sm">Honest goods for weather. Packed by hand on the quay, Monday to Friday.</p>
        </div>
        <nav aria-label="Footer" className="flex gap-6 sm:ml-auto">
          <Link href="/about" className="text-link">
            About
          </Link>
          <Link href="/orders" className="text-link">
            Your orders
          </Link>
          {helpUrl && (
            <a href={helpUrl} className="text-link">
              Help
            </a>
          )}
        </nav>
      </div>
    </footer>
  )
}
