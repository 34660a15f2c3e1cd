import Link from 'next/link'
import type { ReactNode } from 'react'
import { paths } from '../paths.ts'
import { AccountBar } from './account-bar.tsx'
import { LoadLine } from './load-line.tsx'

interface Crumb {
  readonly label: string
  readonly href: string
}

/** The frame of every page: the way back up in one line, then what the page is about. */
export function Page({ trail = [], here, children }: { trail?: readonly Crumb[]; here?: string; children: ReactNode }) {
  return (
    <>
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-20 focus:bg-plate focus:px-3 focus:py-1">Skip to content</a>
      <header className="mb-5 flex flex-wrap items-center justify-between gap-x-6 sm:mb-7">
        <nav aria-label="Where you are">
          <ol className="flex min-h-11 flex-wrap items-center gap-x-2.5 text-ink-soft">
            <li>
              <Link href={paths.overview} className="-ml-0.5 flex min-h-11 items-center gap-2 font-semibold tracking-tight text-ink">
                <LoadLine className="size-6" />
                Plimsoll
              </Link>
            </li>
            {trail.map(({ label, href }) => <li key={href} className="flex items-center gap-x-2.5"><Separator /><Link href={href} className="py-2 underline decoration-line-strong underline-offset-4 hover:decoration-current">{label}</Link></li>)}
            {here !== undefined && <li aria-current="page" className="flex items-center gap-x-2.5 text-ink"><Separator />{here}</li>}
          </ol>
        </nav>
        <AccountBar />
      </header>
      <main id="main">{children}</main>
    </>
  )
}

function Separator() {
  return <span aria-hidden="true" className="text-line-strong">/</span>
}
