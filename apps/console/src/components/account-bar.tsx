import Link from 'next/link'
import { isAsMuchAs, roleIn } from '@plimsoll/model'
import { paths } from '../paths.ts'
import { signOut } from '../server/get-in.ts'
import { whoLooks } from '../server/who-looks.ts'

/** Who looks, where they find people and tokens, and the way out. Nothing where that is not known. */
export async function AccountBar() {
  const who = await whoLooks()
  if (who === undefined) return null
  const isAdmin = isAsMuchAs(roleIn(who.grants), 'admin')
  const places = [...(isAdmin ? [['People', paths.people], ['Notifications', paths.notifications], ['Audit', paths.audit]] as const : []), ['Tokens', paths.tokens] as const]
  return (
    <nav aria-label="Plimsoll itself" className="flex flex-wrap items-center gap-x-4 text-[0.8125rem] text-ink-soft">
      {places.map(([label, href]) => <Link key={href} href={href} className="py-2 underline decoration-line-strong underline-offset-4 hover:decoration-current">{label}</Link>)}
      <form action={signOut} className="flex items-center gap-x-2">
        {who.kind === 'user' ? <Link href={paths.account} className="max-w-40 truncate py-2 underline decoration-line-strong underline-offset-4 hover:decoration-current">{who.name}</Link> : <span>{who.name}</span>}
        <button type="submit" className="min-h-9 cursor-pointer py-1 underline decoration-line-strong underline-offset-4 hover:decoration-current">Sign out</button>
      </form>
    </nav>
  )
}
