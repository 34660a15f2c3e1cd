import { previewOf, type AppView } from '@plimsoll/model'
import Link from 'next/link'
import { paths } from '../paths.ts'

/** Says of a throw-away app which one it shows a change of. */
export function PreviewOf({ app }: { readonly app: AppView }) {
  const of = previewOf(app)
  return of !== undefined && <p className="text-ink-soft">A preview of <Link href={paths.app(of)} className="underline underline-offset-3">{of}</Link></p>
}
