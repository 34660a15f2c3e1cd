import type { ReactNode } from 'react'
import { LoadLine } from './load-line.tsx'

/** The frame of a page for somebody who is not known yet. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main id="main" className="mx-auto mt-[8vh] w-full max-w-sm">
      <p className="flex items-center gap-2 font-semibold tracking-tight"><LoadLine className="size-6" />Plimsoll</p>
      <h1 className="mt-6 mb-5 text-2xl font-semibold tracking-tight">{title}</h1>
      {children}
    </main>
  )
}
