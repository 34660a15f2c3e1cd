import { contract } from '@plimsoll/model'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Older } from '../../../../components/older.tsx'
import { Page } from '../../../../components/page.tsx'
import { ProblemPage } from '../../../../components/problem-page.tsx'
import { ReleaseList } from '../../../../components/release-list.tsx'
import { Section } from '../../../../components/section.tsx'
import { paths } from '../../../../paths.ts'
import { askApi } from '../../../../server/ask-api.ts'

type Asked = { params: Promise<{ app: string }>; searchParams: Promise<{ before?: string }> }

export async function generateMetadata({ params }: Asked): Promise<Metadata> {
  return { title: `Releases of ${decodeURIComponent((await params).app)}` }
}

/** Every release of an app, a page at a time. */
export default async function ReleasesPage({ params, searchParams }: Asked) {
  const [{ app }, given] = await Promise.all([params, searchParams])
  const before = Number(given.before)
  const page = await askApi(contract.listReleases, { params: { app }, query: { limit: 50, ...(Number.isInteger(before) && before > 0 && { before }) } })
  if (page.is === 'problem') return page.problem.code === 'NOT_FOUND' ? notFound() : <ProblemPage problem={page.problem} />
  const { releases, next } = page.value
  const name = decodeURIComponent(app)
  return (
    <Page trail={[{ label: name, href: paths.app(name) }]} here="Releases">
      <h1 className="sr-only">Releases of {name}</h1>
      <Section title="Releases" note={before > 0 ? `before ${before}` : 'newest first'}>
        {releases.length === 0 ? <p className="px-4 py-3 text-ink-soft">None{before > 0 ? ' before that' : ' yet'}.</p> : <ReleaseList releases={releases} now={Date.now()} />}
        <Older href={next === null ? undefined : paths.releases(name, next)} />
      </Section>
    </Page>
  )
}
