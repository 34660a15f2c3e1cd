import Link from 'next/link'
import { Page } from '../components/page.tsx'
import { paths } from '../paths.ts'

export default function NotFound() {
  return (
    <Page>
      <h1 className="text-2xl font-semibold tracking-tight">There is no such app or release</h1>
      <p className="mt-3"><Link href={paths.overview} className="underline underline-offset-3">See all apps</Link></p>
    </Page>
  )
}
