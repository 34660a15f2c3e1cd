import { useId, type ReactNode } from 'react'

/** A named part of a page, drawn as one plate. */
export function Section({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  const heading = useId()
  return (
    <section aria-labelledby={heading} className="min-w-0 rounded-sm border border-line bg-plate">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line px-4 py-2.5">
        <h2 id={heading} className="font-semibold">{title}</h2>
        {note !== undefined && <p className="text-[0.8125rem] text-ink-soft">{note}</p>}
      </div>
      {children}
    </section>
  )
}
