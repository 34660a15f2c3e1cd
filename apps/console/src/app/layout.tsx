import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import './globals.css'

export const metadata: Metadata = { title: { default: 'Plimsoll', template: '%s · Plimsoll' }, description: 'What is live, and how the next release is doing.' }
export const viewport: Viewport = { colorScheme: 'light dark' }

/** Every page tells how things are now, so none is made ahead of time. */
export const dynamic = 'force-dynamic'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col">
        <div className="mx-auto w-full max-w-[96rem] grow px-4 pt-3 pb-16 sm:px-8 sm:pt-5">{children}</div>
      </body>
    </html>
  )
}
