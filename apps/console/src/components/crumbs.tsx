import Link from 'next/link'

/** The way back up. */
export function Crumbs({ trail, here }: { trail: readonly { readonly label: string; readonly href: string }[]; here: string }) {
  return (
    <nav aria-label="Where you are" className="mb-4">
      <ol className="flex flex-wrap gap-x-2 text-[0.875rem] text-ink-soft">
        {trail.map(({ label, href }) => <li key={href} className="flex gap-x-2"><Link href={href} className="underline decoration-line-strong underline-offset-3 hover:decoration-current">{label}</Link><span aria-hidden="true">/</span></li>)}
        <li aria-current="page" className="text-ink">{here}</li>
      </ol>
    </nav>
  )
}
