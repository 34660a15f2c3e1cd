import type { Metadata, Viewport } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { LoadLine } from '../components/load-line.tsx'
import { paths } from '../paths.ts'
import './globals.css'

export const metadata: Metadata = { title: { default: 'Plimsoll', template: '%s · Plimsoll' }, description: 'What is live, and how the next release is doing.' }
export const viewport: Viewport = { colorScheme: 'light dark' }

/** Every page tells how things are now, so none is made ahead of time. */
export const dynamic = 'force-dynamic'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col">
        <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:bg-plate focus:px-3 focus:py-1">Skip to content</a>
        <header className="border-b border-line bg-plate">
          <div className="mx-auto flex h-12 w-full max-w-[100rem] items-center px-4 sm:px-8">
            <Link href={paths.overview} className="-ml-1 flex items-center gap-2 px-1 font-semibold tracking-tight">
              <LoadLine className="size-6 text-busy" />
              Plimsoll
            </Link>
          </div>
        </header>
        <main id="main" className="mx-auto w-full max-w-[100rem] grow px-4 pt-6 pb-16 sm:px-8 sm:pt-8">{children}</main>
      </body>
    </html>
  )
}
