import Link from 'next/link'

/** The way to what is older than a list, where there is more. */
export function Older({ href }: { href: string | undefined }) {
  if (href === undefined) return null
  return <p className="border-t border-line px-4"><Link href={href} className="inline-flex min-h-11 items-center underline decoration-line-strong underline-offset-4 hover:decoration-current">Older</Link></p>
}
